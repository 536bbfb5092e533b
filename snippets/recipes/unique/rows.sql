SELECT series_id, title FROM series ORDER BY series_id
--> series_id | title
--> 1         | 'The IT Crowd'
--> 2         | 'Silicon Valley'
--> 3         | 'IT Crowd'

SELECT title, series_id FROM series_titles ORDER BY title
--> title            | series_id
--> 'IT Crowd'       | 3
--> 'Silicon Valley' | 2
--> 'The IT Crowd'   | 1

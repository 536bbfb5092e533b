SELECT series_id, title FROM series ORDER BY series_id
--> series_id | title
--> 1         | 'IT Crowd'
--> 2         | 'Silicon Valley'

SELECT title, series_id FROM series_titles ORDER BY title
--> title            | series_id
--> 'IT Crowd'       | 1
--> 'Silicon Valley' | 2

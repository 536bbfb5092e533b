SELECT series_id, title, name FROM series ORDER BY series_id
--> series_id | title                      | name
--> 1         | 'IT Crowd'                 | 'IT Crowd'
--> 2         | 'Silicon Valley, season 2' | 'Silicon Valley, season 2'

SELECT COUNT(*) AS rows, COUNT_IF(title = name) AS same FROM series
--> rows | same
--> 2    | 2

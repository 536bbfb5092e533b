SELECT series_id, title FROM series
--> series_id | title
--> 1         | 'IT Crowd'
--> 2         | 'Silicon Valley'

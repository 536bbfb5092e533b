SELECT title, series_id FROM series ORDER BY title, series_id
--> title            | series_id
--> ''               | 5
--> 'Dark'           | 6
--> 'Mr. Robot'      | 3
--> 'Severance'      | 4
--> 'Silicon Valley' | 2
--> 'The IT Crowd'   | 1

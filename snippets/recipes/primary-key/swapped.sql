SELECT title, series_id FROM series ORDER BY title, series_id
--> title            | series_id
--> ''               | 5
--> 'Dark, season 2' | 6
--> 'Severance'      | 4
--> 'The IT Crowd'   | 1

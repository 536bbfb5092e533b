SELECT series_id, title, name FROM series ORDER BY series_id
--> series_id | title                      | name
--> 1         | 'IT Crowd'                 | NULL
--> 2         | 'Silicon Valley, season 2' | 'Silicon Valley, HBO'

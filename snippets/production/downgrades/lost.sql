SELECT series_id, title, views FROM series ORDER BY series_id
--> series_id | title            | views
--> 1         | 'IT Crowd'       | NULL
--> 2         | 'Silicon Valley' | NULL

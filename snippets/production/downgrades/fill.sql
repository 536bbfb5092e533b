UPDATE series SET views = 100 * series_id

SELECT series_id, title, views FROM series ORDER BY series_id
--> series_id | title            | views
--> 1         | 'IT Crowd'       | 100
--> 2         | 'Silicon Valley' | 200

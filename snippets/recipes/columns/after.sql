UPSERT INTO series (series_id, title) VALUES (2, "Silicon Valley")

SELECT series_id, views FROM series ORDER BY series_id
--> series_id | views
--> 1         | 0
--> 2         | 0

UPSERT INTO views_by_day (day, series_id, views)
VALUES (Date("2026-11-28"), 1, 10), (Date("2026-11-29"), 1, 20), (Date("2026-11-29"), 2, 5)

UPDATE views_by_day SET views = views + 1 WHERE day = Date("2026-11-29")

SELECT series_id, SUM(views) AS views FROM views_by_day GROUP BY series_id ORDER BY series_id
--> series_id | views
--> 1         | 31
--> 2         | 6

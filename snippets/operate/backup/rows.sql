UPSERT INTO series (series_id, title) VALUES (1, "IT Crowd"), (2, "Silicon Valley")

SELECT COUNT(*) AS rows FROM series
--> rows
--> 2

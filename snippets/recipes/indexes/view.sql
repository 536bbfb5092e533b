UPSERT INTO series (series_id, title, series_info) VALUES (1, "IT Crowd", "London"), (2, "Silicon Valley", "Palo Alto")

SELECT series_id, series_info FROM series VIEW ix_series_title WHERE title = "IT Crowd"
--> series_id | series_info
--> 1         | 'London'

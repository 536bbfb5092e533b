UPSERT INTO series (series_id, title, series_info) VALUES (1, "IT Crowd", "London")

UPSERT INTO series (series_id, title) VALUES (1, "IT Crowd")

UPSERT INTO series (series_id, title, release_date) VALUES (1, "IT Crowd", 13182), (2, "Silicon Valley", 16166), (3, "Wrong", -1)

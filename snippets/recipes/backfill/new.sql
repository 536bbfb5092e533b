UPSERT INTO series (series_id, title, release_date) VALUES (6, "Severance", 19041), (7, "Wrong", -1)

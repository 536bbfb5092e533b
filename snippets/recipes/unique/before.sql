UPSERT INTO series (series_id, title) VALUES (10, "Dark"), (11, "Dark"), (12, "Borgen"), (13, NULL)

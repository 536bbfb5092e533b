UPSERT INTO series (series_id, title, release_date) VALUES (8, "Dark"u, 16435)

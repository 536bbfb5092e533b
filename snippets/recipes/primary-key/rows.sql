UPSERT INTO series (series_id, title) VALUES (1, "IT Crowd"), (2, "Silicon Valley"), (3, "Mr. Robot"), (4, "Severance"), (5, NULL)

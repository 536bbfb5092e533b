UPSERT INTO series (series_id, title)
VALUES (1, 'IT Crowd'), (2, 'Silicon Valley'), (3, 'Dark'), (4, 'Borgen'), (5, 'Fargo');

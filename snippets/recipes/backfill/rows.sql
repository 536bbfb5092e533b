UPSERT INTO series (series_id, title, release_date) VALUES (1, "IT Crowd", 13182), (2, "Silicon Valley", 16166), (3, "Mr. Robot", 16610), (4, "Unknown", NULL), (5, "Halt and Catch Fire", 16222)

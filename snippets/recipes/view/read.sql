UPSERT INTO series (series_id, title) VALUES (1, "IT Crowd")

SELECT series_id, title FROM titles
--> series_id | title
--> 1         | 'IT Crowd'

SELECT series_id, release_date FROM series VIEW ix_series_title WHERE title = "IT Crowd"
--> series_id | release_date
--> 1         | NULL

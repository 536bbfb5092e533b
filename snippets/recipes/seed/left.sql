SELECT series_id, title FROM series ORDER BY series_id
--> series_id | title
--> 3         | "Somebody's own"

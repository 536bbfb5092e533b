SELECT series_id, release_date, release_year FROM series ORDER BY series_id
--> series_id | release_date | release_year
--> 1         | 13182        | 2006
--> 2         | 16166        | 2014
--> 3         | 16610        | 2015
--> 4         | NULL         | NULL
--> 5         | 16222        | 2014

SELECT COUNT(*) AS lacking FROM series WHERE release_year IS NULL AND release_date IS NOT NULL
--> lacking
--> 0

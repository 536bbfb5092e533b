SELECT series_id, release_year FROM series ORDER BY series_id
--> series_id | release_year
--> 1         | 2006
--> 2         | 2014
--> 3         | NULL
--> 4         | NULL
--> 5         | NULL

SELECT series_id, rating, country FROM series;
--> series_id | rating | country
--> 1         | NULL   | NULL

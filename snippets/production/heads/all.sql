SELECT series_id, title, rating, country FROM series;
--> series_id | title      | rating | country
--> 1         | 'IT Crowd' | NULL   | NULL

SELECT series_id, release_date, release_year FROM series WHERE series_id > 5 ORDER BY series_id
--> series_id | release_date | release_year
--> 6         | 19041        | 2022
--> 7         | 18275        | 2020
--> 8         | 16435        | 2014

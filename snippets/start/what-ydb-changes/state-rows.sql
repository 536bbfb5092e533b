SELECT country FROM series
--> country

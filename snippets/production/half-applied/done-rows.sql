SELECT series_id, title FROM series ORDER BY series_id;
--> series_id | title
--> 1         | 'IT Crowd'
--> 2         | 'Silicon Valley'

SELECT person_id, name FROM people;
--> person_id | name
--> 1         | 'Graham Linehan'

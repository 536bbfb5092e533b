SELECT COUNT(*) AS people FROM people;
--> people
--> 0

DROP TABLE people;

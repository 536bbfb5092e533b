SELECT title, LENGTH(embedding) AS bytes FROM articles ORDER BY title
--> title   | bytes
--> 'Boats' | 13
--> 'Ships' | 13

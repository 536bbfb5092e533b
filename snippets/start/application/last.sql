SELECT title, COUNT(*) AS tasks FROM tasks GROUP BY title ORDER BY title;
--> title            | tasks
--> 'Read the guide' | 1
--> 'the last one'   | 2

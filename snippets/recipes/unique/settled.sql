SELECT COUNT(*) AS wrong FROM series AS s LEFT ONLY JOIN series_titles AS t ON t.title = s.title AND t.series_id = s.series_id WHERE s.title IS NOT NULL
--> wrong
--> 0

SELECT COUNT(*) AS rows FROM series
--> rows
--> 4

SELECT COUNT(*) AS rows FROM series_v2
--> rows
--> 4

SELECT COUNT(*) AS wrong FROM series AS old LEFT JOIN series_v2 AS new ON new.series_id = old.series_id WHERE new.series_id IS NULL OR (old.title ?? "") != new.title OR (old.series_info ?? "") != (new.series_info ?? "") OR (old.series_info IS NULL) != (new.series_info IS NULL) OR (old.release_date ?? 0) != (new.release_date ?? 0) OR (old.release_date IS NULL) != (new.release_date IS NULL)
--> wrong
--> 0

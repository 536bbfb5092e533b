SELECT series_id, release_date, released_on FROM series ORDER BY series_id
--> series_id | release_date | released_on
--> 1         | 13182        | 2006-02-03
--> 2         | 16166        | 2014-04-06
--> 3         | NULL         | NULL

SELECT COUNT(*) AS wrong FROM series WHERE release_date IS NOT NULL AND (released_on IS NULL OR CAST(CAST(released_on AS Uint16) AS Int64) != release_date)
--> wrong
--> 0

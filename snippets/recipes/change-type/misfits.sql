SELECT series_id, release_date FROM series WHERE release_date IS NOT NULL AND CAST(CAST(release_date AS Uint16) AS Date) IS NULL
--> series_id | release_date
--> 3         | -1

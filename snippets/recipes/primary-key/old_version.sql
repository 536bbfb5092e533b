UPDATE series SET title = "Dark, season 2"u WHERE series_id = 6

DELETE FROM series WHERE series_id = 2

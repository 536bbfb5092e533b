UPDATE series SET release_date = NULL WHERE series_id = 3

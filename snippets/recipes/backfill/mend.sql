UPDATE series SET release_date = 18275 WHERE series_id = 7

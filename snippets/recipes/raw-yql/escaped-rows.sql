SELECT series_info FROM series WHERE series_id = 2
--> series_info
--> '{"seasons":6}'

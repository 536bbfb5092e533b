UPSERT INTO `stats/views` (series_id, count) VALUES (1, 10);
SELECT series_id, count FROM `stats/views`;
--> series_id | count
--> 1         | 10

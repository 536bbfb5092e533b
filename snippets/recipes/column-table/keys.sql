SELECT COUNT(*) AS episodes, COUNT(DISTINCT series_id) AS keys FROM episodes
--> episodes | keys
--> 2        | 1

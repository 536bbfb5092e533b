SELECT COUNT(*) AS episodes FROM episodes_by_column
--> episodes
--> 2

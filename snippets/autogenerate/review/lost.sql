SELECT series_id, title, about FROM series
--> series_id | title      | about
--> 1         | 'IT Crowd' | NULL

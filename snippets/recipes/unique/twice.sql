SELECT s.series_id AS series_id, s.title AS title, t.series_id AS taken_by FROM series AS s JOIN series_titles AS t ON t.title = s.title WHERE s.series_id != t.series_id ORDER BY series_id
--> series_id | title  | taken_by
--> 11        | 'Dark' | 10

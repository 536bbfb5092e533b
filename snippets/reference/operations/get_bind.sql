--8<-- [start:plain]
SELECT series_id FROM series WHERE title = 'IT Crowd'

INSERT INTO episodes (episode_id, series_id) VALUES ($`episode_id`, $`series_id`)
-- $episode_id: Int64 = 1
-- $series_id: Int64 = 1
--8<-- [end:plain]

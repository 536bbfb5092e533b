UPSERT INTO episodes (series_id, season_id, episode_id, air_date) VALUES (1, 1, 1, 13182);

UPSERT INTO episodes (series_id, season_id, episode_id, title)
VALUES (1, 1, 1, "Yesterday's Jam"u), (1, 1, 2, "Calamity Jen"u)

CREATE TABLE series (series_id Int64, title Utf8, series_info Utf8, release_date Int64, PRIMARY KEY (series_id))

CREATE TABLE seasons (series_id Int64 NOT NULL, season_id Int64 NOT NULL, title Utf8, first_aired Int64, last_aired Int64, PRIMARY KEY (series_id, season_id))

CREATE TABLE episodes (series_id Int64 NOT NULL, season_id Int64 NOT NULL, episode_id Int64 NOT NULL, title Utf8, air_date Int64, PRIMARY KEY (series_id, season_id, episode_id))

UPSERT INTO series (series_id, title) VALUES (1, "IT Crowd"), (2, "Silicon Valley")

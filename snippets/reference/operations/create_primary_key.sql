--8<-- [start:plain]
ALTER TABLE episodes ADD CONSTRAINT pk_episodes PRIMARY KEY (series_id, episode_id)
--> GENERIC_ERROR
--> <main>:1:48: Error: no viable alternative at input 'PRIMARY'
--8<-- [end:plain]

--8<-- [start:instead]
CREATE TABLE episodes_of_series (
    series_id Int64 NOT NULL,
    episode_id Int64 NOT NULL,
    title UTF8,
    PRIMARY KEY (series_id, episode_id)
)

INSERT INTO episodes_of_series (series_id, episode_id, title)
    SELECT Unwrap(series_id) AS series_id, episode_id, title FROM episodes

DROP TABLE episodes

ALTER TABLE episodes_of_series RENAME TO episodes

ALTER TABLE episodes ADD INDEX ix_episodes_series_id GLOBAL SYNC ON (series_id)
--8<-- [end:instead]

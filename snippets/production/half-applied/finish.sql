ALTER TABLE series ADD COLUMN rating Int64;

ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title);

INSERT INTO people (person_id, name) VALUES (1, 'Graham Linehan');

--8<-- [start:plain]
ALTER TABLE series ADD CONSTRAINT uq_title UNIQUE (title)
--> GENERIC_ERROR
--> <main>:1:43: Error: no viable alternative at input 'UNIQUE'
--8<-- [end:plain]

--8<-- [start:instead]
CREATE TABLE shows (
            series_id Int64 NOT NULL,
            title Utf8 NOT NULL,
            info Utf8,
            seasons Int64 DEFAULT 1,
            INDEX uq_title GLOBAL UNIQUE SYNC ON (title),
            PRIMARY KEY (series_id)
        )

INSERT INTO shows (series_id, title, info, seasons) SELECT series_id, title, info, seasons FROM series

DROP TABLE series

ALTER TABLE shows RENAME TO series
--8<-- [end:instead]

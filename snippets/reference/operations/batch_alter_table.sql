--8<-- [start:plain]
ALTER TABLE series ADD COLUMN rating Int64

ALTER TABLE series DROP COLUMN info
--8<-- [end:plain]

--8<-- [start:never]
ALTER TABLE series ALTER COLUMN title DROP NOT NULL
--8<-- [end:never]

--8<-- [start:always]
CREATE TABLE _alembic_tmp_series (
    series_id Int64 NOT NULL,
    title UTF8 NOT NULL,
    about UTF8,
    seasons Int64,
    PRIMARY KEY (series_id)
)

INSERT INTO _alembic_tmp_series (series_id, title, about, seasons) SELECT series.series_id, series.title, series.info, series.seasons
FROM series

DROP TABLE series

ALTER TABLE _alembic_tmp_series RENAME TO series
--8<-- [end:always]

--8<-- [start:always-index]
CREATE TABLE _alembic_tmp_episodes (
    episode_id Int64 NOT NULL,
    series_id Int64,
    name UTF8,
    PRIMARY KEY (episode_id)
)

INSERT INTO _alembic_tmp_episodes (episode_id, series_id, name) SELECT episodes.episode_id, episodes.series_id, episodes.title
FROM episodes

DROP TABLE episodes

ALTER TABLE _alembic_tmp_episodes RENAME TO episodes

ALTER TABLE episodes ADD INDEX ix_episodes_series_id GLOBAL SYNC ON (series_id)
--8<-- [end:always-index]

--8<-- [start:always-options]
CREATE TABLE _alembic_tmp_series (
    series_id Int64 NOT NULL,
    about UTF8,
    seasons Int64 DEFAULT 1,
    title UTF8 NOT NULL,
    PRIMARY KEY (series_id)
)
WITH (
    AUTO_PARTITIONING_MIN_PARTITIONS_COUNT = 3
)

ALTER TABLE _alembic_tmp_series ADD INDEX ix_series_title GLOBAL SYNC ON (title)

INSERT INTO _alembic_tmp_series (series_id, about, seasons, title) SELECT series.series_id, series.info, series.seasons, series.title
FROM series

DROP TABLE series

ALTER TABLE _alembic_tmp_series RENAME TO series
--8<-- [end:always-options]

--8<-- [start:always-type]
CREATE TABLE _alembic_tmp_series (
    series_id Int64 NOT NULL,
    title UTF8 NOT NULL,
    info UTF8,
    seasons UTF8,
    PRIMARY KEY (series_id)
)

INSERT INTO _alembic_tmp_series (series_id, title, info, seasons) SELECT series.series_id, series.title, series.info, CAST(series.seasons AS UTF8) AS seasons
FROM series

DROP TABLE series

ALTER TABLE _alembic_tmp_series RENAME TO series
--8<-- [end:always-type]

--8<-- [start:always-not-null]
CREATE TABLE _alembic_tmp_series (
    series_id Int64 NOT NULL,
    title UTF8 NOT NULL,
    info UTF8,
    seasons Int64 NOT NULL,
    PRIMARY KEY (series_id)
)

INSERT INTO _alembic_tmp_series (series_id, title, info, seasons) SELECT series.series_id, series.title, series.info, series.seasons
FROM series
--> BAD_REQUEST
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiWriteTable!
-->         <main>:1:13: Error: Can't set NULL or optional value to not null column: seasons. All not null columns should be initialized, code: 2031

DROP TABLE _alembic_tmp_series
--8<-- [end:always-not-null]

--8<-- [start:always-key]
--> warns SAWarning: Table '_alembic_tmp_episodes' specifies columns 'episode_id' as primary_key=True, not matching locally specified columns 'episode_id', 'series_id'; setting the current primary key columns to 'episode_id', 'series_id'. This warning may become an exception in a future release

CREATE TABLE _alembic_tmp_episodes (
    episode_id Int64 NOT NULL,
    series_id Int64,
    title UTF8,
    CONSTRAINT pk_episodes PRIMARY KEY (episode_id, series_id)
)
--> GENERIC_ERROR
--> <main>:5:27: Error: no viable alternative at input 'PRIMARY'
--8<-- [end:always-key]

--8<-- [start:copy-from]
CREATE TABLE _alembic_tmp_series (
    series_id Int64 NOT NULL,
    title UTF8 NOT NULL,
    seasons Int64,
    PRIMARY KEY (series_id)
)

INSERT INTO _alembic_tmp_series (series_id, title, seasons) SELECT series.series_id, series.title, series.seasons
FROM series

DROP TABLE series

ALTER TABLE _alembic_tmp_series RENAME TO series
--8<-- [end:copy-from]

--8<-- [start:alter-column]
ALTER TABLE series ALTER COLUMN seasons TYPE UTF8
--> GENERIC_ERROR
--> <main>:1:40: Error: no viable alternative at input 'ALTER COLUMN seasons TYPE'
--8<-- [end:alter-column]

--8<-- [start:insert-after]
--> raises alembic.util.exc.CommandError: Can't specify insert_before or insert_after when using ALTER; please specify recreate='always'
--8<-- [end:insert-after]

--8<-- [start:create-index]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title) COVER (info)
--8<-- [end:create-index]

--8<-- [start:drop-index]
ALTER TABLE episodes DROP INDEX ix_episodes_series_id
--8<-- [end:drop-index]

--8<-- [start:create-unique-constraint]
ALTER TABLE series ADD CONSTRAINT uq_title UNIQUE (title)
--> GENERIC_ERROR
--> <main>:1:43: Error: no viable alternative at input 'UNIQUE'
--8<-- [end:create-unique-constraint]

--8<-- [start:create-check-constraint]
ALTER TABLE series ADD CONSTRAINT ck_seasons CHECK (seasons > 0)
--> GENERIC_ERROR
--> <main>:1:45: Error: no viable alternative at input 'CHECK'
--8<-- [end:create-check-constraint]

--8<-- [start:create-primary-key]
ALTER TABLE episodes ADD CONSTRAINT pk_episodes PRIMARY KEY (series_id, episode_id)
--> GENERIC_ERROR
--> <main>:1:48: Error: no viable alternative at input 'PRIMARY'
--8<-- [end:create-primary-key]

--8<-- [start:create-foreign-key]
ALTER TABLE episodes ADD CONSTRAINT fk_series FOREIGN KEY(series_id) REFERENCES series (series_id)
--> GENERIC_ERROR
--> <main>:1:46: Error: no viable alternative at input 'FOREIGN'
--8<-- [end:create-foreign-key]

--8<-- [start:create-exclude-constraint]
--> raises sqlalchemy.exc.UnsupportedCompilationError: Compiler <ydb_sqlalchemy.sqlalchemy.compiler.sa20.YqlDDLCompiler object at 0x[..]> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'>
--8<-- [end:create-exclude-constraint]

--8<-- [start:drop-constraint]
ALTER TABLE series DROP CONSTRAINT uq_title
--> GENERIC_ERROR
--> <main>:1:35: Error: extraneous input 'uq_title' expecting {<EOF>, ';'}
--8<-- [end:drop-constraint]

--8<-- [start:create-table-comment]
COMMENT ON TABLE series IS 'what is on'
--> GENERIC_ERROR
--> <main>:1:39: Error: mismatched input 'COMMENT' expecting {';', '(', '$', ALTER, ANALYZE, BACKUP, BATCH, COMMIT, CREATE, DECLARE, DEFINE, DELETE, DISCARD, DO, DROP, EVALUATE, EXPLAIN, EXPORT, FOR, FROM, GRANT, IF, IMPORT, INSERT, PARALLEL, PRAGMA, PROCESS, REDUCE, REPLACE, RESTORE, REVOKE, ROLLBACK, SELECT, SHOW, TRUNCATE, UPDATE, UPSERT, USE, VALUES}
--8<-- [end:create-table-comment]

--8<-- [start:drop-table-comment]
COMMENT ON TABLE series IS NULL
--> GENERIC_ERROR
--> <main>:1:31: Error: mismatched input 'COMMENT' expecting {';', '(', '$', ALTER, ANALYZE, BACKUP, BATCH, COMMIT, CREATE, DECLARE, DEFINE, DELETE, DISCARD, DO, DROP, EVALUATE, EXPLAIN, EXPORT, FOR, FROM, GRANT, IF, IMPORT, INSERT, PARALLEL, PRAGMA, PROCESS, REDUCE, REPLACE, RESTORE, REVOKE, ROLLBACK, SELECT, SHOW, TRUNCATE, UPDATE, UPSERT, USE, VALUES}
--8<-- [end:drop-table-comment]

--8<-- [start:execute]
UPDATE series SET info = 'comedy'
--8<-- [end:execute]

--8<-- [start:schema]
ALTER TABLE archive.series ADD COLUMN rating Int64
--> GENERIC_ERROR
--> <main>:1:13: Error: Unknown cluster: archive
--8<-- [end:schema]

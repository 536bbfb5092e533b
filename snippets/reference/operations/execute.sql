--8<-- [start:dml]
UPDATE series SET info = 'comedy' WHERE series_id = 1
--8<-- [end:dml]

--8<-- [start:ddl-str]
ALTER TABLE series SET (AUTO_PARTITIONING_BY_LOAD = ENABLED)
--> PRECONDITION_FAILED
--> <main>: Error: Scheme operations cannot be executed inside transaction, code: 2029
--8<-- [end:ddl-str]

--8<-- [start:ddl-text]
ALTER TABLE series DROP COLUMN info
--> PRECONDITION_FAILED
--> <main>: Error: Scheme operations cannot be executed inside transaction, code: 2029
--8<-- [end:ddl-text]

--8<-- [start:ddl]
ALTER TABLE series DROP COLUMN info
--8<-- [end:ddl]

--8<-- [start:ddl-percent]
--> raises ValueError: unsupported format character ''' (0x27) at index 30
--8<-- [end:ddl-percent]

--8<-- [start:ddl-percent-instead]
UPDATE series SET info = '100%'
--8<-- [end:ddl-percent-instead]

--8<-- [start:colon]
--> raises sqlalchemy.exc.StatementError: (sqlalchemy.exc.InvalidRequestError) A value is required for bind parameter 'title'
--> [SQL: UPDATE series SET info = 'see %(title)s' WHERE series_id = 1]
--> [parameters: [immutabledict({})]]
--8<-- [end:colon]

--8<-- [start:colon-instead]
UPDATE series SET info = 'see :title' WHERE series_id = 1
--8<-- [end:colon-instead]

--8<-- [start:parameters]
UPDATE series SET info = $`info` WHERE series_id = 1
-- $info: Utf8 = 'comedy'
--8<-- [end:parameters]

--8<-- [start:construct]
UPDATE series SET info='comedy' WHERE series.series_id = $`series_id_1`
-- $series_id_1: Int64 = 1
--8<-- [end:construct]

--8<-- [start:upsert]
UPSERT INTO series (series_id, title) VALUES ($`series_id`, $`title`)
-- $series_id: Int64 = 1
-- $title: Utf8 = 'The IT Crowd'
--8<-- [end:upsert]

--8<-- [start:two]
UPDATE series SET info = 'comedy'; DELETE FROM episodes WHERE series_id = 2
--8<-- [end:two]

--8<-- [start:mixed]
ALTER TABLE series ADD COLUMN rating Int64; UPDATE series SET rating = 1
--> GENERIC_ERROR
--> <main>: Error: Queries with mixed data and scheme operations are not supported. Use separate queries for different types of operations.
--8<-- [end:mixed]

--8<-- [start:mixed-instead]
ALTER TABLE series ADD COLUMN rating Int64

UPDATE series SET rating = 1
--8<-- [end:mixed-instead]

--8<-- [start:batch]
BATCH UPDATE series SET info = 'comedy'
--> PRECONDITION_FAILED
--> <main>: Error: BATCH operation can be executed only in the implicit transaction mode., code: 2029
--8<-- [end:batch]

--8<-- [start:batch-ddl]
BATCH UPDATE series SET info = 'comedy'
--8<-- [end:batch-ddl]

--8<-- [start:options]
UPDATE series SET info = 'comedy'
--8<-- [end:options]

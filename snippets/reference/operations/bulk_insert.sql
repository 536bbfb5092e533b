--8<-- [start:plain]
INSERT INTO series (series_id, title) VALUES ($`series_id`, $`title`)
-- $series_id: Int64 = 3
-- $title: Utf8 = 'Fargo'

INSERT INTO series (series_id, title) VALUES ($`series_id`, $`title`)
-- $series_id: Int64 = 4
-- $title: Utf8 = 'Lost'
--8<-- [end:plain]

--8<-- [start:one-by-one]
INSERT INTO series (series_id, title) VALUES ($`series_id`, $`title`)
-- $series_id: Int64 = 3
-- $title: Utf8 = 'Fargo'

INSERT INTO series (series_id, title) VALUES ($`series_id`, $`title`)
-- $series_id: Int64 = 4
-- $title: Utf8 = 'Lost'
--8<-- [end:one-by-one]

--8<-- [start:conflict]
INSERT INTO series (series_id, title) VALUES ($`series_id`, $`title`)
-- $series_id: Int64 = 3
-- $title: Utf8 = 'Fargo'

INSERT INTO series (series_id, title) VALUES ($`series_id`, $`title`)
-- $series_id: Int64 = 1
-- $title: Utf8 = 'The IT Crowd'
--> PRECONDITION_FAILED
--> <main>: Error: Constraint violated. Table: `/local/series`., code: 2012
-->     <main>: Error: Conflict with existing key., code: 2012
--8<-- [end:conflict]

--8<-- [start:conflict-instead]
UPSERT INTO series (series_id, title) VALUES ($`series_id_m0`, $`title_m0`), ($`series_id_m1`, $`title_m1`)
-- $series_id_m0: Int64 = 3
-- $title_m0: Utf8 = 'Fargo'
-- $series_id_m1: Int64 = 1
-- $title_m1: Utf8 = 'The IT Crowd'
--8<-- [end:conflict-instead]

--8<-- [start:untyped]
INSERT INTO series (series_id, title, info) VALUES ($`series_id`, $`title`, $`info`)
-- $series_id: Int64 = 3
-- $title: Utf8 = 'Fargo'
-- $info = NULL

--> raises sqlalchemy.exc.DatabaseError: (ydb_dbapi.errors.DatabaseError) Failed to execute query
--> [SQL: INSERT INTO series (series_id, title, info) VALUES (%(series_id)s, %(title)s, %(info)s)]
--> [parameters: {'series_id': 3, 'title': 'Fargo', 'info': None}]
--8<-- [end:untyped]

--8<-- [start:missing-column]
INSERT INTO series (series_id) VALUES ($`series_id`)
-- $series_id: Int64 = 3
--> BAD_REQUEST
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiWriteTable!
-->         <main>:1:13: Error: Missing not null column in input: title. All not null columns should be initialized, code: 2032
--8<-- [end:missing-column]

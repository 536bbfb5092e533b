--8<-- [start:type]
ALTER TABLE series ALTER COLUMN seasons TYPE UTF8
--> GENERIC_ERROR
--> <main>:1:40: Error: no viable alternative at input 'ALTER COLUMN seasons TYPE'
--8<-- [end:type]

--8<-- [start:type-instead]
ALTER TABLE series ADD COLUMN seasons_text UTF8

UPDATE series SET seasons_text = CAST(seasons AS Utf8)

ALTER TABLE series DROP COLUMN seasons
--8<-- [end:type-instead]

--8<-- [start:nullable-false]
ALTER TABLE series ALTER COLUMN info SET NOT NULL
--> GENERIC_ERROR
--> <main>:1:20: Error: SET NOT NULL is currently not supported.
--8<-- [end:nullable-false]

--8<-- [start:nullable-false-instead]
ALTER TABLE series ADD COLUMN about Utf8 NOT NULL DEFAULT ''

UPDATE series SET about = Coalesce(info, ''u)

ALTER TABLE series DROP COLUMN info
--8<-- [end:nullable-false-instead]

--8<-- [start:nullable-true]
ALTER TABLE series ALTER COLUMN title DROP NOT NULL
--8<-- [end:nullable-true]

--8<-- [start:server-default]
ALTER TABLE series ALTER COLUMN info SET DEFAULT 'none yet'
--8<-- [end:server-default]

--8<-- [start:server-default-other-type]
ALTER TABLE series ALTER COLUMN seasons SET DEFAULT '2'
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:53: Error: At function: KiAlterTable!
-->         <main>:1:53: Error: Default expr seasons type mismatch, expected: Int64, actual: String
--8<-- [end:server-default-other-type]

--8<-- [start:server-default-other-type-instead]
ALTER TABLE series ALTER COLUMN seasons SET DEFAULT 2
--8<-- [end:server-default-other-type-instead]

--8<-- [start:server-default-function]
ALTER TABLE series ADD COLUMN created_at Timestamp

ALTER TABLE series ALTER COLUMN created_at SET DEFAULT CurrentUtcTimestamp()
--> GENERIC_ERROR
--> <main>:1:20: Error: DEFAULT expression can only be defined in CREATE TABLE
--8<-- [end:server-default-function]

--8<-- [start:server-default-none]
ALTER TABLE series ALTER COLUMN seasons DROP DEFAULT
--8<-- [end:server-default-none]

--8<-- [start:name]
ALTER TABLE series RENAME info TO about
--> GENERIC_ERROR
--> <main>:1:26: Error: no viable alternative at input 'RENAME info'
--8<-- [end:name]

--8<-- [start:name-instead]
ALTER TABLE series ADD COLUMN about UTF8

UPDATE series SET about = info

ALTER TABLE series DROP COLUMN info
--8<-- [end:name-instead]

--8<-- [start:comment]
--> raises sqlalchemy.exc.UnsupportedCompilationError: Compiler <ydb_sqlalchemy.sqlalchemy.compiler.sa20.YqlDDLCompiler object at 0x[..]> can't render element of type <class 'alembic.ddl.base.ColumnComment'>: <class 'alembic.ddl.base.ColumnComment'> construct has no default compilation handler.
--8<-- [end:comment]

--8<-- [start:autoincrement]
--> warns UserWarning: autoincrement and existing_autoincrement only make sense for MySQL

--> nothing is sent
--8<-- [end:autoincrement]

--8<-- [start:existing]
--> nothing is sent
--8<-- [end:existing]

--8<-- [start:several]
ALTER TABLE series ALTER COLUMN title DROP NOT NULL

ALTER TABLE series ALTER COLUMN title TYPE String
--> GENERIC_ERROR
--> <main>:1:38: Error: no viable alternative at input 'ALTER COLUMN title TYPE'
--8<-- [end:several]

--8<-- [start:schema]
ALTER TABLE archive.series ALTER COLUMN title DROP NOT NULL
--> GENERIC_ERROR
--> <main>:1:13: Error: Unknown cluster: archive
--8<-- [end:schema]

--8<-- [start:plain]
ALTER TABLE series DROP COLUMN info
--8<-- [end:plain]

--8<-- [start:missing]
ALTER TABLE series DROP COLUMN rating
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiAlterTable!
-->         <main>:1:20: Error: AlterTable : db.[/local/series] Column "rating" does not exist
--8<-- [end:missing]

--8<-- [start:if-exists]
ALTER TABLE series DROP COLUMN IF EXISTS info
--> GENERIC_ERROR
--> <main>:1:34: Error: mismatched input 'EXISTS' expecting {<EOF>, ';'}
--8<-- [end:if-exists]

--8<-- [start:if-exists-instead]
ALTER TABLE series DROP COLUMN info
--8<-- [end:if-exists-instead]

--8<-- [start:indexed]
ALTER TABLE episodes DROP COLUMN series_id
--> PRECONDITION_FAILED
--> <main>: Error: Executing ESchemeOpAlterTable, code: 2029
-->     <main>: Error: Impossible drop column because table has an index with that column, column name: series_id, table name: /local/episodes, index name: ix_episodes_series_id, code: 2029
--8<-- [end:indexed]

--8<-- [start:indexed-instead]
ALTER TABLE episodes DROP INDEX ix_episodes_series_id

ALTER TABLE episodes DROP COLUMN series_id
--8<-- [end:indexed-instead]

--8<-- [start:key]
ALTER TABLE series DROP COLUMN series_id
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiAlterTable!
-->         <main>:1:20: Error: AlterTable : db.[/local/series] Column: "series_id" is a key column. Key column drop is not supported
--8<-- [end:key]

--8<-- [start:schema]
ALTER TABLE archive.series DROP COLUMN info
--> GENERIC_ERROR
--> <main>:1:13: Error: Unknown cluster: archive
--8<-- [end:schema]

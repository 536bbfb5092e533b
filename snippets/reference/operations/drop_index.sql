--8<-- [start:plain]
ALTER TABLE episodes DROP INDEX ix_episodes_series_id
--8<-- [end:plain]

--8<-- [start:no-table]
ALTER TABLE no_table DROP INDEX ix_episodes_series_id
--> SCHEME_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiAlterTable!
-->         <main>:1:13: Error: Cannot find table 'db.[/local/no_table]' because it does not exist or you do not have access permissions. Please check correctness of table path and user permissions., code: 2003
--8<-- [end:no-table]

--8<-- [start:missing]
ALTER TABLE episodes DROP INDEX ix_episodes_title
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiAlterTable!
-->         <main>:1:22: Error: AlterTable : db.[/local/episodes] Index: "ix_episodes_title" does not exist
--8<-- [end:missing]

--8<-- [start:if-exists]
ALTER TABLE episodes DROP INDEX ix_episodes_title
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiAlterTable!
-->         <main>:1:22: Error: AlterTable : db.[/local/episodes] Index: "ix_episodes_title" does not exist
--8<-- [end:if-exists]

--8<-- [start:if-exists-instead]
ALTER TABLE episodes DROP INDEX ix_episodes_series_id
--8<-- [end:if-exists-instead]

--8<-- [start:schema]
ALTER TABLE episodes DROP INDEX ix_episodes_series_id
--8<-- [end:schema]

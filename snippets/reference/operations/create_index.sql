--8<-- [start:plain]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title)
--8<-- [end:plain]

--8<-- [start:columns]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title, seasons)
--8<-- [end:columns]

--8<-- [start:async]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL ASYNC ON (title)
--8<-- [end:async]

--8<-- [start:cover]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title) COVER (info)
--8<-- [end:cover]

--8<-- [start:yql-async]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title)
--8<-- [end:yql-async]

--8<-- [start:postgresql]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title)
--8<-- [end:postgresql]

--8<-- [start:unique]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title)
--8<-- [end:unique]

--8<-- [start:if-not-exists]
ALTER TABLE episodes ADD INDEX ix_episodes_series_id GLOBAL SYNC ON (series_id)
--> BAD_REQUEST
--> <main>: Error: Check failed: path: '/local/episodes/ix_episodes_series_id', error: path exist, request doesn't accept it (id: [OwnerId: 72057594046678944, LocalPathId: 1], type: EPathTypeTableIndex, state: EPathStateNoChanges)
--8<-- [end:if-not-exists]

--8<-- [start:if-not-exists-instead]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title)
--8<-- [end:if-not-exists-instead]

--8<-- [start:exists]
ALTER TABLE episodes ADD INDEX ix_episodes_series_id GLOBAL SYNC ON (title)
--> BAD_REQUEST
--> <main>: Error: Check failed: path: '/local/episodes/ix_episodes_series_id', error: path exist, request doesn't accept it (id: [OwnerId: 72057594046678944, LocalPathId: 1], type: EPathTypeTableIndex, state: EPathStateNoChanges)
--8<-- [end:exists]

--8<-- [start:no-name]
ALTER TABLE series ADD INDEX ix_series_seasons GLOBAL SYNC ON (seasons)
--8<-- [end:no-name]

--8<-- [start:slash]
ALTER TABLE series ADD INDEX `titles_all` GLOBAL SYNC ON (title)
--8<-- [end:slash]

--8<-- [start:text]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (`Unicode::ToLower(title)`)
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiAlterTable!
-->         <main>:1:24: Error: AlterTable : db.[/local/series] Column: "Unicode::ToLower(title)" does not exist
--8<-- [end:text]

--8<-- [start:text-instead]
ALTER TABLE series ADD COLUMN title_lower UTF8

UPDATE series SET title_lower = Unicode::ToLower(title)

ALTER TABLE series ADD INDEX ix_series_title_lower GLOBAL SYNC ON (title_lower)
--8<-- [end:text-instead]

--8<-- [start:function]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title)
--8<-- [end:function]

--8<-- [start:descending]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (`title DESC`)
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiAlterTable!
-->         <main>:1:24: Error: AlterTable : db.[/local/series] Column: "title DESC" does not exist
--8<-- [end:descending]

--8<-- [start:desc]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title)
--8<-- [end:desc]

--8<-- [start:schema]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title)
--8<-- [end:schema]

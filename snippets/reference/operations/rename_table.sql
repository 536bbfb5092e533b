--8<-- [start:plain]
ALTER TABLE episodes RENAME TO parts
--8<-- [end:plain]

--8<-- [start:taken]
ALTER TABLE series RENAME TO episodes
--> SCHEME_ERROR
--> <main>: Error: Executing ESchemeOpMoveTable, code: 2003
-->     <main>: Error: Check failed: path: '/local/episodes', error: path exist, request doesn't accept it (id: [OwnerId: 72057594046678944, LocalPathId: 1], type: EPathTypeTable, state: EPathStateNoChanges), code: 2003
--> <main>: Error: Query invalidated on scheme/internal error during Scheme execution, code: 2019
--8<-- [end:taken]

--8<-- [start:directory]
ALTER TABLE series RENAME TO `archive/series`
--> SCHEME_ERROR
--> <main>: Error: Executing ESchemeOpMoveTable, code: 2003
-->     <main>: Error: Path does not exist, code: 2003
--> <main>: Error: Query invalidated on scheme/internal error during Scheme execution, code: 2019
--8<-- [end:directory]

--8<-- [start:directory-instead]
CREATE TABLE `archive/seasons` (
    season_id Int64 NOT NULL,
    PRIMARY KEY (season_id)
)

ALTER TABLE series RENAME TO `archive/series`
--8<-- [end:directory-instead]

--8<-- [start:schema]
ALTER TABLE archive.series RENAME TO archive.shows
--> GENERIC_ERROR
--> <main>:1:44: Error: mismatched input '.' expecting {<EOF>, ';'}
--8<-- [end:schema]

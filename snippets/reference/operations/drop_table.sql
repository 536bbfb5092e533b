--8<-- [start:plain]
DROP TABLE series
--8<-- [end:plain]

--8<-- [start:missing]
DROP TABLE seasons
--> SCHEME_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:12: Error: At function: KiDropTable!
-->         <main>:1:12: Error: Cannot find table 'db.[/local/seasons]' because it does not exist or you do not have access permissions. Please check correctness of table path and user permissions., code: 2003
--8<-- [end:missing]

--8<-- [start:if-exists]
DROP TABLE IF EXISTS seasons

DROP TABLE IF EXISTS episodes
--8<-- [end:if-exists]

--8<-- [start:schema]
DROP TABLE series
--8<-- [end:schema]

--8<-- [start:schema-instead]
CREATE TABLE `archive/series` (
    series_id Int64 NOT NULL,
    PRIMARY KEY (series_id)
)

DROP TABLE `archive/series`
--8<-- [end:schema-instead]

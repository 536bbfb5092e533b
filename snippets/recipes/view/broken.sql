ALTER TABLE series DROP COLUMN release_date

SELECT series_id FROM titles_v2
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:82: Error: At function: Member
-->         <main>:1:82: Error: Member not found: release_date

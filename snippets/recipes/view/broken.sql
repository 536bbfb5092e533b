ALTER TABLE series DROP COLUMN release_date

SELECT series_id FROM titles
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:79: Error: At function: Member
-->         <main>:1:79: Error: Member not found: release_date

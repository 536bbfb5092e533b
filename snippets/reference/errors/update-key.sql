UPDATE series SET series_id = 2 WHERE series_id = 1;
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:8: Error: At function: KiUpdateTable!
-->         <main>:1:8: Error: Cannot update primary key column: series_id

INSERT INTO series (title) VALUES ('c'u);
--> PRECONDITION_FAILED
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiWriteTable!
-->         <main>:1:13: Error: Missing key column in input: series_id for table: /local/series, code: 2029

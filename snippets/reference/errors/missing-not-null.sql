UPSERT INTO series (series_id) VALUES (3);
--> BAD_REQUEST
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiWriteTable!
-->         <main>:1:13: Error: Missing not null column in input: title. All not null columns should be initialized, code: 2032

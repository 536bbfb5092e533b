UPDATE series SET title = NULL WHERE series_id = 1;
--> BAD_REQUEST
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:8: Error: At function: KiUpdateTable!
-->         <main>:1:8: Error: Can't set NULL or optional value to not null column: title, code: 2031

UPDATE series SET title = COALESCE(CAST(series_id AS Utf8), 'none'u) WHERE series_id = 1;

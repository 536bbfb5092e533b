UPSERT INTO series (series_id, title) VALUES ('4', 'd'u);
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiWriteTable!
-->         <main>:1:13: Error: Failed to convert type: Struct<'series_id':String,'title':Utf8> to Struct<'series_id':Int64,'title':Utf8>
-->             <main>:1:13: Error: Failed to convert 'series_id': String to Int64
-->         <main>:1:13: Error: Failed to convert input columns types to scheme types, code: 2031

UPSERT INTO series (series_id, title) VALUES (Unwrap(CAST('4' AS Int64)), 'd'u);

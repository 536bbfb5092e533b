SELECT series_id, views FROM series
--> series_id | views
--> 1         | 0

UPSERT INTO series (series_id, views) VALUES (2, NULL)
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:13: Error: At function: KiWriteTable!
-->         <main>:1:13: Error: Failed to convert type: Struct<'series_id':Int32,'views':Null> to Struct<'series_id':Int64,'views':Int64>
-->             <main>:1:13: Error: Failed to convert 'views': Null to Int64
-->         <main>:1:13: Error: Failed to convert input columns types to scheme types, code: 2031

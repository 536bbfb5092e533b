UPSERT INTO series (series_id, title) VALUES (2, 'b'u); DROP TABLE series;
--> GENERIC_ERROR
--> <main>: Error: Queries with mixed data and scheme operations are not supported. Use separate queries for different types of operations.

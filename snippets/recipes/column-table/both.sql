UPSERT INTO views_by_day (day, series_id, views) SELECT Date("2026-11-30") AS day, series_id, 0 AS views FROM series
--> PRECONDITION_FAILED
--> <main>: Error: Write transactions that use both row-oriented and column-oriented tables are disabled at current time., code: 2029

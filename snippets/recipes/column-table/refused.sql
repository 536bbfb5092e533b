ALTER TABLE views_by_day ADD COLUMN likes Int64 DEFAULT 0
--> GENERIC_ERROR
--> <main>:1:26: Error: Default values are not supported in column tables

ALTER TABLE views_by_day SET (TTL = Interval("P365D") ON series_id AS SECONDS)
--> SCHEME_ERROR
--> <main>: Error: Executing ESchemeOpAlterColumnTable, code: 2003
-->     <main>: Error: ttl update error: Unsupported column type. in alter constructor STANDALONE_UPDATE, code: 2003
--> <main>: Error: Query invalidated on scheme/internal error during Scheme execution, code: 2019

BATCH DELETE FROM views_by_day WHERE views = 0
--> PRECONDITION_FAILED
--> <main>:1:19: Error: BATCH operations are not supported for column tables at the current time., code: 2029

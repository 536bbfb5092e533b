ALTER TABLE series SET (TTL = Interval('PT1H') ON release_date AS SECONDS)
--> BAD_REQUEST
--> <main>: Error: Executing ESchemeOpAlterTable, code: 2017
-->     <main>: Error: Unsupported column type, code: 2017

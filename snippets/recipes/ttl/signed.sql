ALTER TABLE series SET (TTL = Interval('PT1H') ON release_date AS SECONDS)
--> BAD_REQUEST
--> <main>: Error: Unsupported column type, code: 2017

ALTER TABLE series ADD INDEX by_release GLOBAL UNIQUE SYNC ON (released);
--> BAD_REQUEST
--> <main>: Error: Failed item check: Adding a unique index to an existing table is disabled

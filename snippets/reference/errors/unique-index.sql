ALTER TABLE series ADD INDEX by_release GLOBAL UNIQUE SYNC ON (released);
--> BAD_REQUEST
--> <main>:1:20: Error: Failed item check: Adding a unique index to an existing table is disabled, code: 2017

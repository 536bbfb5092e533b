ALTER TABLE series ADD CHANGEFEED updates WITH (FORMAT = "JSON", MODE = "UPDATES")

ALTER TABLE series RENAME TO shows
--> PRECONDITION_FAILED
--> <main>: Error: Executing ESchemeOpMoveTable, code: 2029
-->     <main>: Error: Cannot move table with cdc streams, code: 2029

ALTER TABLE series ADD CHANGEFEED updates WITH (FORMAT = "JSON", MODE = "UPDATES")
--> BAD_REQUEST
--> <main>: Error: Check failed: path: '/local/series/updates', error: path exist, request doesn't accept it (id: [OwnerId: 72057594046678944, LocalPathId: 1], type: EPathTypeCdcStream, state: EPathStateNoChanges), code: 2017

ALTER TABLE series RENAME TO shows
--> PRECONDITION_FAILED
--> <main>: Error: Cannot move table with cdc streams, code: 2029

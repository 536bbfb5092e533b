ALTER TABLE series ADD CHANGEFEED updates WITH (FORMAT = "JSON", MODE = "UPDATES")
--> GENERIC_ERROR
--> <main>: Error: Scheme operation failed, status: ExecComplete, reason: Check failed: path: '/local/series/updates', error: path exist, request accepts it (id: [OwnerId: 72057594046678944, LocalPathId: 1], type: EPathTypeCdcStream, state: EPathStateNoChanges)

ALTER TABLE series RENAME TO shows
--> PRECONDITION_FAILED
--> <main>: Error: Cannot move table with cdc streams, code: 2029

ALTER TABLE series RENAME TO shows
--> PRECONDITION_FAILED
--> <main>: Error: Executing ESchemeOpMoveTable, code: 2029
-->     <main>: Error: Cannot move table with cdc streams, code: 2029

TRUNCATE TABLE series
--> PRECONDITION_FAILED
--> <main>: Error: Executing ESchemeOpTruncateTable, code: 2029
-->     <main>: Error: Cannot truncate table with CDC streams, code: 2029

DROP TOPIC `series/updates`
--> GENERIC_ERROR
--> <main>: Error: Scheme operation failed, status: ExecError, reason: Check failed: path: '/local/series/updates', error: path is not a topic (id: [OwnerId: 72057594046678944, LocalPathId: 1], type: EPathTypeCdcStream, state: EPathStateNoChanges)

ALTER TOPIC `series/updates` SET (retention_period = Interval("P40D"))
--> BAD_REQUEST
--> <main>: Error: Invalid retention period: specified: 3456000s, min: 1s, max: 2678400s, code: 2017

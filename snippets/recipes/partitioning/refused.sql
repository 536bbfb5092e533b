ALTER TABLE ratings SET (PARTITION_AT_KEYS = (500))
--> GENERIC_ERROR
--> <main>:1:26: Error: PARTITION_AT_KEYS alter is not supported

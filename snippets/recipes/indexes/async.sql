SELECT series_id FROM series VIEW ix_series_date WHERE release_date = 13182
--> PRECONDITION_FAILED
--> <main>:1:23: Error: Read operation can be performed on async index table: [72057594046678944:1:1] only with StaleRO isolation level, code: 2029

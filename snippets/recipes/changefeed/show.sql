SHOW CREATE TABLE series
--> Path     | PathType | CreateQuery
--> 'series' | 'Table'  | "CREATE TABLE `series` (\n    `series_id` Int64 NOT NULL,\n    `title` Utf8,\n    `series_info` Utf8,\n    `release_date` Int64,\n    PRIMARY KEY (`series_id`)\n);\n\nALTER TABLE `series`\n    ADD CHANGEFEED `updates` WITH (MODE = 'NEW_IMAGE', FORMAT = 'JSON', RETENTION_PERIOD = INTERVAL('P7D'), INITIAL_SCAN = TRUE)\n;\n"

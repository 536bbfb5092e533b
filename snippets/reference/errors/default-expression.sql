CREATE TABLE t (id Int64, made Timestamp DEFAULT CurrentUtcTimestamp(), PRIMARY KEY (id));
--> GENERIC_ERROR
--> <main>:1:50: Error: DEFAULT expressions are disabled

CREATE RESOURCE POOL reports WITH (CONCURRENT_QUERY_LIMIT = 1);
--> UNSUPPORTED
--> <main>:1:1: Error: The emulator does not support CREATE RESOURCE POOL

SELECT IntervalEnd, Duration, QueryText
FROM `.sys/top_queries_by_duration_one_minute`
WHERE Rank = 1
ORDER BY IntervalEnd;
--> UNSUPPORTED
--> <main>:2:6: Error: The emulator does not support the system view .sys/top_queries_by_duration_one_minute

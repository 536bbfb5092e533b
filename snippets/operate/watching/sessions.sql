SELECT QueryStartAt, Query, UserSID, ClientAddress
FROM `.sys/query_sessions`
WHERE State = 'EXECUTING' AND QueryStartAt < CurrentUtcTimestamp() - Interval('PT1M')
ORDER BY QueryStartAt;
--> UNSUPPORTED
--> <main>:2:6: Error: The emulator does not support the system view .sys/query_sessions

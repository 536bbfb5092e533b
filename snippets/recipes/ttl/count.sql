SELECT COUNT(*) AS expired FROM episodes WHERE expires_at <= CurrentUtcTimestamp()
--> expired
--> 0

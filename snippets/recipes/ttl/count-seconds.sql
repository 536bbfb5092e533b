SELECT COUNT(*) AS expired FROM sessions
WHERE seen_at <= DateTime::ToSeconds(CurrentUtcTimestamp() - Interval('PT1H'))
--> expired
--> 0

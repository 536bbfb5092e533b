UPDATE alembic_lease
SET owner = 'ci-7:4711:9f2c', expires = CurrentUtcTimestamp() + Interval('PT1H')
WHERE name = 'alembic';

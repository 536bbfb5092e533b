UPDATE alembic_lease
SET owner = 'ci-7:4711:9f2c', expires = Timestamp('2099-01-01T00:00:00Z')
WHERE name = 'alembic';

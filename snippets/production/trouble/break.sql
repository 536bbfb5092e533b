UPDATE alembic_lease
SET owner = NULL, expires = NULL
WHERE name = 'alembic' AND owner = 'ci-7:4711:9f2c';

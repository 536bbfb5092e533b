SELECT owner, expires > CurrentUtcTimestamp() AS is_held FROM alembic_lease;
--> owner            | is_held
--> 'ci-7:4711:9f2c' | True

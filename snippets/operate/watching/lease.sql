SELECT owner, expires > CurrentUtcTimestamp() AS is_held FROM alembic_lease;
--> owner | is_held
--> NULL  | NULL

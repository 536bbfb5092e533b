SELECT owner, expires FROM alembic_lease
--> owner | expires
--> NULL  | NULL

SELECT air_date FROM episodes;
--> air_date
--> 13182

SELECT name, owner, expires FROM alembic_lease;
--> name      | owner | expires
--> 'alembic' | NULL  | NULL

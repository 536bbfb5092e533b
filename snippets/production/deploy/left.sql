SELECT owner FROM alembic_lease
--> owner
--> NULL

SELECT COUNT(*) AS customers, COUNT(phone) AS phones FROM customers
--> customers | phones
--> 1         | 0

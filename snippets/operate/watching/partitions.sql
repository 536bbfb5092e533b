SELECT Path, COUNT(*) AS partitions, SUM(RowCount) AS rows_in_all
FROM `.sys/partition_stats`
GROUP BY Path
ORDER BY Path;
--> Path                                                 | partitions | rows_in_all
--> '/local/alembic_lease'                               | 1          | 1
--> '/local/alembic_version'                             | 1          | 1
--> '/local/customers'                                   | 1          | 0
--> '/local/customers/ix_customers_email/indexImplTable' | 1          | 0
--> '/local/orders'                                      | 1          | 0
--> '/local/pages'                                       | 1          | 0

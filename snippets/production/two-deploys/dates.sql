SELECT air_date, air_date / 86400 / 86400 AS days FROM episodes;
--> air_date       | days
--> 98403102720000 | 13182

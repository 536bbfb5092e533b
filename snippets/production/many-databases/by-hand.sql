CREATE TABLE `bolt/series` (id Int64, PRIMARY KEY (id));

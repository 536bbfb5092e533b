CREATE TABLE series (id Int64 NOT NULL, list UTF8, PRIMARY KEY (id))
--> GENERIC_ERROR
--> <main>:1:40: Error: no viable alternative at input ', list'

CREATE TABLE genres (id Int64 NOT NULL, name Utf8, PRIMARY KEY (id))

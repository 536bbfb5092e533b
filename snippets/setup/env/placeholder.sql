INSERT INTO alembic_version (version_num, id) VALUES ('d91d9200b65c', :id);
--> GENERIC_ERROR
--> <main>:1:68: Error: missing ')' at ','

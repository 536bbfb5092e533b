ALTER TABLE series ADD INDEX series_words GLOBAL USING fulltext_plain ON (title) WITH (tokenizer=standard)
--> BAD_REQUEST
--> <main>: Error: Fulltext index requires primary key column 'series_id' to be of type 'Uint64' but got Int64

ALTER TABLE articles ADD INDEX articles_title GLOBAL USING vector_kmeans_tree ON (title)
WITH (distance=cosine, vector_type="float", vector_dimension=3, levels=1, clusters=2)
--> BAD_REQUEST
--> <main>: Error: Embedding column 'title' expected type 'String' but got Utf8

ALTER TABLE articles DROP COLUMN embedding
--> PRECONDITION_FAILED
--> <main>: Error: Executing ESchemeOpAlterTable, code: 2029
-->     <main>: Error: Impossible drop column because table has an index with that column, column name: embedding, table name: /local/articles, index name: articles_near, code: 2029

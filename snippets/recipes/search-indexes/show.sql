SHOW CREATE TABLE articles
--> Path       | PathType | CreateQuery
--> 'articles' | 'Table'  | "CREATE TABLE `articles` (\n    `id` Uint64 NOT NULL,\n    `title` Utf8,\n    `body` Utf8,\n    `embedding` String,\n    INDEX `articles_near` GLOBAL USING vector_kmeans_tree ON (`embedding`) COVER (`title`) WITH (distance = cosine, vector_type = 'float', vector_dimension = 3, clusters = 2, levels = 1),\n    INDEX `articles_words` GLOBAL USING fulltext_relevance ON (`body`) COVER (`title`) WITH (tokenizer = standard, use_filter_lowercase = true),\n    PRIMARY KEY (`id`)\n);\n"

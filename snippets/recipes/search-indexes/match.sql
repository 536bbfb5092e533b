SELECT id, title FROM articles VIEW articles_words WHERE FulltextMatch(body, "boat wood") LIMIT 20
--> UNSUPPORTED
--> <main>:1:23: Error: The emulator does not support reading through a full-text index: VIEW articles_words

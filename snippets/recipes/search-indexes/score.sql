SELECT id, title, FulltextScore(body, "boat wood") AS relevance
FROM articles VIEW articles_words
WHERE FulltextScore(body, "boat wood") > 0
ORDER BY relevance DESC
LIMIT 10
--> UNSUPPORTED
--> <main>:2:6: Error: The emulator does not support reading through a full-text index: VIEW articles_words

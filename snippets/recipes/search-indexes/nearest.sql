$target = Knn::ToBinaryStringFloat([0.9f, 0.2f, 0.0f]);
SELECT id, title
FROM articles VIEW articles_near
ORDER BY Knn::CosineDistance(embedding, $target)
LIMIT 10
--> UNSUPPORTED
--> <main>:1:11: Error: The emulator does not support the function Knn::ToBinaryStringFloat

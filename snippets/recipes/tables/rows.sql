INSERT INTO reviews (review_id, series_id, text) VALUES ("7f3c", 1, "Have you tried it?")

INSERT INTO reviews (review_id, series_id, text) VALUES ("7f3c", 1, "Again")
--> PRECONDITION_FAILED
--> <main>: Error: Constraint violated. Table: `/local/reviews`., code: 2012
-->     <main>: Error: Conflict with existing key., code: 2012

UPSERT INTO reviews (review_id, series_id, text) VALUES ("7f3c", 1, "Again")

SELECT review_id, text FROM reviews
--> review_id | text
--> '7f3c'    | 'Again'

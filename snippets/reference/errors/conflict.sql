INSERT INTO series (series_id, title) VALUES (1, 'a'u);

INSERT INTO series (series_id, title) VALUES (1, 'b'u);
--> PRECONDITION_FAILED
--> <main>: Error: Constraint violated. Table: `/local/series`., code: 2012
-->     <main>: Error: Conflict with existing key., code: 2012

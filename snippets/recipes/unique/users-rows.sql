INSERT INTO users (id, email) VALUES ("1", "moss@example.com")

INSERT INTO users (id, email) VALUES ("2", "moss@example.com")
--> PRECONDITION_FAILED
--> <main>: Error: Constraint violated. Table: `/local/users`., code: 2012
-->     <main>: Error: Conflict with existing key., code: 2012

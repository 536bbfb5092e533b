CREATE TABLE tickets (user_id Utf8 NOT NULL, number BigSerial, PRIMARY KEY (user_id, number));

INSERT INTO tickets (user_id) VALUES ('ada'), ('bob') RETURNING user_id, number;
--> user_id | number
--> 'ada'   | 1
--> 'bob'   | 2

DROP TABLE tickets;

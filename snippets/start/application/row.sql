SELECT id, title FROM tasks;
--> id                                   | title
--> 0b9ee4a5-0d0c-4a4f-9f7e-6a9a1a9d5c11 | 'Read the guide'

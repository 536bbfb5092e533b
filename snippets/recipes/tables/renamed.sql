SELECT review_id, text FROM opinions
--> review_id | text
--> '7f3c'    | 'Again'

ALTER TABLE episodes DROP COLUMN expires_at
--> BAD_REQUEST
--> <main>: Error: Executing ESchemeOpAlterTable, code: 2017
-->     <main>: Error: Can't drop TTL column: 'expires_at', disable TTL first , code: 2017

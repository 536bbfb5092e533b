ALTER TABLE episodes DROP COLUMN expires_at
--> BAD_REQUEST
--> <main>: Error: Can't drop TTL column: 'expires_at', disable TTL first , code: 2017

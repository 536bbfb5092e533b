SELECT 1 AS "x";
--> GENERIC_ERROR
--> <main>:1:13: Error: String literal can not be used here

SELECT 'O''Hara';
--> GENERIC_ERROR
--> <main>:1:11: Error: String literal can not be used here

SELECT '1'::Int32;
--> GENERIC_ERROR
--> <main>:1:8: Error: String literal can not be used here

UPDATE `shop/orders` SET buyer = buyer || 'x';
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:8: Error: At function: KiWriteTable!
-->         <main>:1:8: Error: Failed to convert type: Struct<'buyer':String?> to Struct<'buyer':Utf8?>
-->             <main>:1:8: Error: Failed to convert 'buyer': Optional<String> to Optional<Utf8>
-->         <main>:1:8: Error: Row type mismatch for table: db.[/local/shop/orders]

SELECT 'a' || 1;
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:8: Error: At function: Concat
-->         <main>:1:8: Error: Expected (optional) String or Utf8, but got: Int32

SELECT BUYER FROM `shop/orders`;
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:8: Error: At function: Member
-->         <main>:1:8: Error: Member not found: BUYER

SELECT now();
--> GENERIC_ERROR
--> <main>:1:8: Error: Unknown builtin: now

SELECT lower('A');
--> GENERIC_ERROR
--> <main>:1:8: Error: Unknown builtin: lower

SELECT id FROM shop.orders;
--> GENERIC_ERROR
--> <main>:1:16: Error: Unknown cluster: shop

SELECT 1 # why
--> GENERIC_ERROR
--> <main>:1:9: Error: token recognition error at: '#'

-- what to write
UPDATE `shop/orders` SET buyer = buyer || 'x'u;

SELECT 'O\'Hara' AS x, CAST('1' AS Int32) AS number, 'a' || CAST(1 AS String) AS text, 'A' ILIKE 'a' AS same;
--> x         | number | text  | same
--> b"O'Hara" | 1      | b'a1' | True

SELECT buyer, Unicode::ToLower('A'u) AS small FROM `shop/orders` WHERE 'a%' LIKE 'a#%' ESCAPE '#'; /* now() is CurrentUtcTimestamp() */
--> buyer    | small
--> 'groupx' | 'a'
--> 'groupx' | 'a'

UPDATE `shop/orders` SET buyer = "group" WHERE "group" IS NOT NULL;

SELECT buyer, `group` FROM `shop/orders` ORDER BY `group`;
--> buyer   | group
--> 'group' | 'north'
--> 'group' | 'south'

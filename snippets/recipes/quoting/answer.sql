CREATE TABLE `shop/orders` (
    id Int64 NOT NULL,
    `group` Utf8,
    buyer Utf8,
    PRIMARY KEY (id)
);

UPSERT INTO `shop/orders` (id, `group`, buyer) VALUES
    (1, 'north', 'O\'Hara'),
    (2, "south", "O'Hara");

SELECT `group` FROM `shop/orders` WHERE buyer = "O'Hara" ORDER BY `group`;
--> group
--> 'north'
--> 'south'

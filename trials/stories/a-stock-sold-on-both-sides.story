-- story: A branch sold three and main sold two, and by the column's rule both are sold
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL CHECK (qty >= 0));
INSERT INTO stock VALUES ('x', 10), ('y', 10);
-- rules
stock.qty = counter
-- branch
alice> /* sale */ UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
-- main
UPDATE stock SET qty = qty - 2 WHERE sku = 'x';
-- check
sale: holds
-- promote dry run
outcome: landed
facts: none
-- promote
plan: as shown
outcome: landed
facts: none
-- merged
qty counter 10 7 8 = 5
-- main has
SELECT sku, qty FROM stock ORDER BY sku
= x, 5
= y, 10
-- promote
outcome: nothing
-- branch
alice> /* more */ UPDATE stock SET qty = qty - 1 WHERE sku = 'x';
-- promote
outcome: landed
-- merged
qty counter 7 6 5 = 4
-- main has
SELECT qty FROM stock WHERE sku = 'x'
= 4

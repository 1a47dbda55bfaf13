-- story: A person decides the notes of rows that both sides sold from: the sales combine, whatever is decided
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int, note text);
INSERT INTO stock VALUES ('x', 10, 'a'), ('y', 10, 'a'), ('z', 10, 'a');
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3, note = 'b' WHERE sku = 'x';
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'y';
alice> UPDATE stock SET note = 'b' WHERE sku = 'y';
alice> UPDATE stock SET qty = qty - 3, note = 'b' WHERE sku = 'z';
-- main
UPDATE stock SET qty = qty - 3, note = 'c' WHERE sku <> 'z';
UPDATE stock SET qty = qty - 2, note = 'c' WHERE sku = 'z';
-- promote
outcome: held
fact: conflict stock
-- main has
SELECT sku, qty, note FROM stock ORDER BY sku
= x, 7, c
= y, 7, c
= z, 8, c
-- promote
decide: conflict stock sku=x = branch
decide: conflict stock sku=y = main
decide: conflict stock sku=z .note = value d
outcome: landed
-- main has
SELECT sku, qty, note FROM stock ORDER BY sku
= x, 4, b
= y, 4, c
= z, 5, d

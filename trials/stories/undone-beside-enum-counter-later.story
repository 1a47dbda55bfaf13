-- story: A sum taken back from what a later promotion added up too, in a table with an enum key
-- base
CREATE TYPE sku AS ENUM ('x', 'y');
CREATE TABLE stock (id sku PRIMARY KEY, qty int);
INSERT INTO stock VALUES ('x', 10), ('y', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE id = 'x';
-- main
UPDATE stock SET qty = qty - 1 WHERE id = 'x';
-- promote
outcome: landed
-- sibling b of now
bob> UPDATE stock SET qty = qty - 2 WHERE id = 'x';
-- promote of b
outcome: landed
-- undo 1
outcome: landed
-- main has
SELECT qty FROM stock WHERE id = 'x';
= 7

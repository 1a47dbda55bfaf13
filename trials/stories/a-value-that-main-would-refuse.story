-- story: A dry run says that main would refuse a value that was given by hand
-- base
CREATE TABLE stock (id int PRIMARY KEY, place varchar(4) NOT NULL, qty int CHECK (qty < 100));
INSERT INTO stock VALUES (1, 'a', 10);
-- branch
alice> UPDATE stock SET qty = 11, place = 'b' WHERE id = 1;
-- main
UPDATE stock SET qty = 12 WHERE id = 1;
-- promote dry run
decide: conflict stock .qty = value 500
outcome: held
fact: constraint
-- promote dry run
decide: conflict stock .qty = value many
outcome: held
fact: constraint
-- promote dry run
decide: conflict stock .qty = value 50
outcome: landed
-- promote
outcome: landed
-- main has
SELECT place, qty FROM stock;
= b, 50

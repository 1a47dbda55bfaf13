-- story: Work on a table and a column that main renamed lands there, and nobody is asked
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> INSERT INTO stock VALUES (2, 20);
-- main
ALTER TABLE stock RENAME TO goods;
ALTER TABLE goods RENAME qty TO amount;
-- promote
outcome: landed
facts: none
moved: .goods, column qty of
-- main has
SELECT id, amount FROM goods ORDER BY id
= 1, 10
= 2, 20

-- story: Work on a table that main renamed lands there, and nobody is asked
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> INSERT INTO stock VALUES (2, 20);
-- main
ALTER TABLE stock RENAME TO goods;
-- promote
outcome: landed
facts: none
moved: .goods on main, and its rows land there
-- main has
SELECT id, qty FROM goods ORDER BY id
= 1, 10
= 2, 20

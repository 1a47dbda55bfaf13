-- story: Work on a table that main renamed lands there, and nobody is asked
-- base
CREATE TABLE crate (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO crate VALUES (1, 10);
-- branch
alice> INSERT INTO crate VALUES (2, 20);
-- main
ALTER TABLE crate RENAME TO box;
-- promote
outcome: landed
facts: none
moved: .box on main, and its rows land there
-- main has
SELECT id, qty FROM box ORDER BY id
= 1, 10
= 2, 20

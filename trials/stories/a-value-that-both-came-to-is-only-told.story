-- story: A row that both sides gave the same value, and one that both deleted, are told and asked of nobody
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20), (3, 30);
-- branch
alice> UPDATE stock SET qty = 11 WHERE id = 1;
bob> DELETE FROM stock WHERE id = 2;
cat> UPDATE stock SET qty = 31 WHERE id = 3;
-- main
UPDATE stock SET qty = 11 WHERE id = 1;
-- promote dry run
outcome: landed
landed: 3
facts: none
moved: row id=1 of

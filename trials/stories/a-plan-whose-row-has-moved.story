-- story: A plan whose row main has written since is another plan, and nothing lands
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL, place text);
INSERT INTO stock VALUES (1, 10, 'Oslo'), (2, 20, 'Oslo');
-- branch
alice> UPDATE stock SET qty = 11 WHERE id = 1;
bob> UPDATE stock SET qty = 22 WHERE id = 2;
-- promote dry run
outcome: landed
-- main
UPDATE stock SET place = 'Rome' WHERE id = 1;
-- promote
plan: as shown
outcome: refused
landed: 0
different: rows replaced
-- main has
SELECT qty FROM stock ORDER BY id
= 10
= 20
-- promote dry run
outcome: landed
-- promote
plan: as shown
outcome: landed
landed: 2

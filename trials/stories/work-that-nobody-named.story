-- story: Work that nobody named is told by its application and its first statement
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> looked: SELECT qty FROM stock WHERE id = 1;
alice> UPDATE stock SET qty = 11 WHERE id = 1;
-- promote
outcome: landed
task: alice: SELECT qty FROM stock WHERE id = 1: landed 1

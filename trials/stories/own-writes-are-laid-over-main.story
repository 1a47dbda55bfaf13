-- story: An answer given after the branch's own write is judged with that write in place
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL, place text NOT NULL);
INSERT INTO stock SELECT i, 10, 'shelf' FROM generate_series(1, 20) i;
-- branch
alice> before: SELECT qty, place FROM stock WHERE id = 7;
alice> UPDATE stock SET qty = 99 WHERE id = 7;
alice> after: SELECT qty FROM stock WHERE id = 7;
alice> place: SELECT place FROM stock WHERE id = 7;
alice> many: SELECT count(*) FROM stock WHERE qty > 50;
-- main
UPDATE stock SET place = 'cellar' WHERE id = 7;
-- check
before: changed 10, shelf -> 10, cellar
after: holds
place: changed shelf -> cellar
many: holds

-- story: An answer accepted as it is, and the row that it saw is dropped
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> SET anabranch.task = 'count';
alice> UPDATE stock SET qty = 11 WHERE id = 1;
bob> SET anabranch.task = 'tell';
bob> seen: SELECT sum(qty) FROM stock;
bob> INSERT INTO note VALUES (1, 'thirty-one');
-- main
UPDATE stock SET qty = 12 WHERE id = 1;
-- promote dry run
decide: answer seen = accept
outcome: held or partial or landed
-- promote
decide: conflict stock = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

-- story: A sum of a renamed row is under nine, where neither side's number was
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int, m int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (3, 10, 0), (4, 20, 0);
-- rules
t.qty = counter
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE t SET qty = qty - 1, id = 13 WHERE id = 3;
bob> SET anabranch.task = 'b';
bob> few: SELECT count(*) FROM t WHERE qty < 9;
bob> INSERT INTO note VALUES (1, 'none under nine');
-- main
UPDATE t SET qty = qty - 1 WHERE id = 3;
-- promote
outcome: partial or held
-- main has
SELECT qty FROM t WHERE id = 13;
= 8
-- main has
SELECT count(*) FROM note;
= 0

-- story: Two units write to one row, one of them stays behind, and only the other's cells meet a condition
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int, m int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (3, 10, 0), (4, 20, 0);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE t SET m = 5 WHERE id = 3;
carol> SET anabranch.task = 'c';
carol> UPDATE t SET qty = 8 WHERE id = 3;
bob> SET anabranch.task = 'b';
bob> few: SELECT count(*) FROM t WHERE qty < 9 AND m = 0;
bob> INSERT INTO note VALUES (1, 'none under nine with nought');
-- promote
decide: task a = drop
outcome: landed or partial or held or nothing
-- main has
SELECT (SELECT count(*) FROM t WHERE qty < 9 AND m = 0) = 0 OR NOT EXISTS (SELECT FROM note);
= t

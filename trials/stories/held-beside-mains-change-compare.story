-- story: The same with two tasks, where the answer is named in the promise of what was dropped
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int, m int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (3, 10, 0), (4, 20, 0);
-- branch
alice> SET anabranch.task = 'a';
alice> BEGIN;
alice> SELECT count(*) FROM note;
alice> UPDATE t SET m = 5 WHERE id = 3;
alice> COMMIT;
bob> SET anabranch.task = 'b';
bob> few: SELECT max(qty) FROM t WHERE m = 0 AND qty < 9;
bob> INSERT INTO note VALUES (1, 'none under nine with nought');
-- main
UPDATE t SET qty = 8 WHERE id = 3;
INSERT INTO note VALUES (9, 'x');
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 1

-- story: Two rows changed places on the branch, one is counted by what main made of it, and the other write is dropped
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int, m int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (1, 10, 0), (2, 20, 1);
-- branch
carl> SET anabranch.task = 'k';
carl> BEGIN;
carl> UPDATE t SET id = -1 WHERE id = 1;
carl> UPDATE t SET id = 1 WHERE id = 2;
carl> UPDATE t SET id = 2 WHERE id = -1;
carl> COMMIT;
alice> SET anabranch.task = 'a';
alice> UPDATE t SET m = 5 WHERE id = 2;
bob> SET anabranch.task = 'b';
bob> few: SELECT count(*) FROM t WHERE qty < 9 AND m = 0;
bob> INSERT INTO note VALUES (1, 'none under nine with nought');
-- main
UPDATE t SET qty = 8 WHERE id = 1;
-- promote
decide: task a = drop
outcome: nothing or held or partial
-- main has
SELECT (SELECT count(*) FROM note), (SELECT count(*) FROM t WHERE qty < 9 AND m = 0);
= 0, 1

-- story: The unit stays behind for a conflict in another row
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int, m int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (3, 10, 0), (4, 20, 0);
-- branch
alice> SET anabranch.task = 'a';
alice> BEGIN;
alice> UPDATE t SET m = 5 WHERE id = 3;
alice> UPDATE t SET m = 6 WHERE id = 4;
alice> COMMIT;
bob> SET anabranch.task = 'b';
bob> few: SELECT count(*) FROM t WHERE qty < 9 AND m = 0;
bob> INSERT INTO note VALUES (1, 'none under nine with nought');
-- main
UPDATE t SET qty = 8 WHERE id = 3;
UPDATE t SET m = 7 WHERE id = 4;
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0

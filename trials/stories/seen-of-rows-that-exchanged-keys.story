-- story: Two rows exchange their keys, main edits one, and it was seen under its new key
-- base
CREATE TABLE t (k int PRIMARY KEY, n int, m int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (1, 10, 0), (2, 20, 0);
-- branch
alice> SET anabranch.task = 'swap';
alice> BEGIN;
alice> UPDATE t SET k = 3 WHERE k = 1;
alice> UPDATE t SET k = 1 WHERE k = 2;
alice> UPDATE t SET k = 2 WHERE k = 3;
alice> COMMIT;
bob> SET anabranch.task = 'look';
bob> two: SELECT m FROM t WHERE k = 2;
bob> INSERT INTO note VALUES (1, 'nought');
-- main
UPDATE t SET m = 7 WHERE k = 1;
-- check
two: changed or undecided
-- promote
outcome: partial or held
-- main has
SELECT count(*) FROM note;
= 0

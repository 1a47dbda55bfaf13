-- story: A later promotion put in the row again under another text of its key
-- base
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE t (k text COLLATE ci PRIMARY KEY, n int);
INSERT INTO t VALUES ('x', 10);
-- branch
alice> UPDATE t SET n = 9 WHERE k = 'x';
-- promote
outcome: landed
-- main
UPDATE t SET k = 'X', n = 8;
-- sibling b of now
bob> UPDATE t SET n = 9 WHERE k = 'x';
-- promote of b
outcome: landed
-- undo 1
outcome: held
-- main has
SELECT n FROM t;
= 9

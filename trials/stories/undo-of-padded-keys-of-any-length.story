-- story: Later promotions wrote a row again whose key has blanks at its end that do not count
-- base
CREATE TABLE t (k bpchar PRIMARY KEY, n int);
INSERT INTO t VALUES ('a', 10);
-- branch
alice> UPDATE t SET n = 9 WHERE k = 'a';
-- promote
outcome: landed
-- main
UPDATE t SET k = 'a   ' WHERE k = 'a';
-- sibling two of now
bob> UPDATE t SET n = 8 WHERE k = 'a';
-- promote of two
outcome: landed
-- sibling three of now
bob> UPDATE t SET n = 9 WHERE k = 'a';
-- promote of three
outcome: landed
-- undo 1
outcome: held
-- main has
SELECT n FROM t;
= 9

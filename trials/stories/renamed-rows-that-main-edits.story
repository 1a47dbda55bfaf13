-- story: Two tasks see a renamed row, main edits it, each is asked
-- base
CREATE TABLE t (k int PRIMARY KEY, n int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (1, 10);
-- branch
alice> SET anabranch.task = 'key';
alice> UPDATE t SET k = 2 WHERE k = 1;
bob> SET anabranch.task = 'x';
bob> x: SELECT n FROM t WHERE k > 1;
bob> INSERT INTO note VALUES (1, 'ten');
carol> SET anabranch.task = 'y';
carol> y: SELECT n FROM t;
carol> INSERT INTO note VALUES (2, 'ten');
dave> SET anabranch.task = 'z';
dave> z: SELECT k FROM t WHERE n = 10;
dave> INSERT INTO note VALUES (3, 'ten');
erin> SET anabranch.task = 'w';
erin> w: SELECT k FROM t WHERE n < 9;
erin> INSERT INTO note VALUES (4, 'none under nine');
-- main
UPDATE t SET n = 8;
-- check
x: changed or undecided
y: changed or undecided
z: changed or undecided
w: changed or undecided
-- promote
outcome: partial
-- main has
SELECT k, n FROM t;
= 2, 8
-- main has
SELECT count(*) FROM note;
= 0

-- story: The branch writes a key otherwise that is the same number, main its number
-- base
CREATE TABLE t (k numeric PRIMARY KEY, n int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (1.0, 10);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE t SET k = 1.00;
bob> SET anabranch.task = 'b';
bob> n: SELECT n FROM t WHERE k = 1;
bob> s: SELECT count(*) FROM t WHERE n = 10;
bob> INSERT INTO note VALUES (1, 'ten');
-- main
UPDATE t SET n = 8;
-- check
n: changed or undecided
s: changed or undecided
-- promote
outcome: partial or held

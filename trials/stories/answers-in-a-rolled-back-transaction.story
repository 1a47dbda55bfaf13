-- story: What was rolled back is not promoted, and answers that saw it are not said to hold
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 1), (2, 2);
-- branch
alice> BEGIN;
alice> UPDATE t SET n = 50 WHERE id = 1;
alice> inside: SELECT sum(n) FROM t;
alice> ROLLBACK;
alice> outside: SELECT sum(n) FROM t;
-- main
UPDATE t SET n = 3 WHERE id = 2;
-- check
inside: undecided or changed
outside: changed 3 -> 4
-- promote
outcome: nothing

-- story: An answer made by chance is never said to hold
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t SELECT i, i FROM generate_series(1, 9) i;
-- branch
alice> chance: SELECT id FROM t WHERE random() < 0.5;
alice> plain: SELECT count(*) FROM t;
-- main
UPDATE t SET n = 0 WHERE id = 1;
-- check
chance: undecided
plain: holds

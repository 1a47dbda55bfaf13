-- story: An answer made by chance holds while the rows that it was drawn from are the same, and is not asked twice
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t SELECT i, i FROM generate_series(1, 9) i;
-- branch
alice> drawn: SELECT id FROM t WHERE random() < 0.5;
alice> chance: SELECT id, n FROM t WHERE random() < 0.5;
alice> plain: SELECT count(*) FROM t;
-- main
UPDATE t SET n = 0 WHERE id = 1;
-- check
drawn: holds by columns
chance: undecided
plain: holds

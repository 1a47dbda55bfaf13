-- story: Rows that are NULL match neither a condition nor its opposite
-- base
CREATE TABLE t (id int PRIMARY KEY, a int);
INSERT INTO t VALUES (1, 1), (2, 2), (3, NULL);
-- branch
alice> not-one: SELECT count(*) FROM t WHERE NOT (a = 1);
alice> not-in: SELECT count(*) FROM t WHERE a NOT IN (5, NULL);
alice> distinct: SELECT count(*) FROM t WHERE a IS DISTINCT FROM 1;
-- main
INSERT INTO t VALUES (4, NULL);
-- check
not-one: holds by predicate
not-in: holds
distinct: changed 2 -> 3

-- story: A table that main put in place of another is the one that is asked from then on
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 1), (2, 1);
CREATE TABLE t2 (id int PRIMARY KEY, n int);
INSERT INTO t2 VALUES (1, 1), (2, 1);
CREATE TABLE r (what text PRIMARY KEY);
-- branch
ann> seen: SELECT count(*) FROM t WHERE n = 1;
ann> INSERT INTO r VALUES ('ann');
-- main
ALTER TABLE t RENAME TO t_old;
ALTER TABLE t2 RENAME TO t;
-- check
seen: holds
-- main
INSERT INTO t VALUES (4, 1);
-- check
seen: changed 2 -> 3
-- promote
outcome: held
-- main has
SELECT count(*) FROM r
= 0

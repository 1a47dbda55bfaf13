-- story: A materialised view is what its last refresh made it
-- base
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1);
CREATE MATERIALIZED VIEW total AS SELECT sum(v) AS s FROM t;
CREATE MATERIALIZED VIEW still AS SELECT count(*) AS n FROM t;
-- branch
alice> total: SELECT s FROM total;
alice> still: SELECT n FROM still;
-- main
INSERT INTO t VALUES (2, 2);
REFRESH MATERIALIZED VIEW total;
-- check
total: changed 1 -> 3
still: holds

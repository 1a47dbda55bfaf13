-- story: A view that main redefined is asked again when a row comes under its new condition
-- base
CREATE TABLE t (id int PRIMARY KEY, n int, m int);
INSERT INTO t VALUES (1, 1, 7), (2, 1, 8), (3, 2, 1);
CREATE VIEW v AS SELECT id, n FROM t WHERE n = 1;
CREATE TABLE r (what text PRIMARY KEY);
-- branch
ann> seen: SELECT count(*) FROM v;
ann> INSERT INTO r VALUES ('ann');
-- main
CREATE OR REPLACE VIEW v AS SELECT id, n FROM t WHERE m > 6;
-- check
seen: holds
-- main
INSERT INTO t VALUES (4, 5, 9);
-- check
seen: changed 2 -> 3
-- promote
outcome: held
-- main has
SELECT count(*) FROM r
= 0

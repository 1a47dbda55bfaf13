-- story: An answer on a view depends on the tables behind it
-- base
CREATE TABLE t (id int PRIMARY KEY, kind text, n int);
INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2);
CREATE VIEW only_a AS SELECT id, n FROM t WHERE kind = 'a';
-- branch
alice> seen: SELECT sum(n) FROM only_a;
alice> filtered: SELECT count(*) FROM only_a WHERE id = 2;
-- main
INSERT INTO t VALUES (3, 'b', 100);
-- check
seen: holds by predicate
filtered: holds by predicate
-- main
INSERT INTO t VALUES (4, 'a', 10);
-- check
seen: changed 1 -> 11
filtered: holds

-- story: A view that main defines anew changes the answers asked through it
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 1), (2, 2), (3, 3);
CREATE VIEW v AS SELECT id, n FROM t WHERE n > 1;
-- branch
alice> seen: SELECT count(*) FROM v;
alice> direct: SELECT count(*) FROM t;
-- main
CREATE OR REPLACE VIEW v AS SELECT id, n FROM t WHERE n > 2;
-- check
seen: changed 2 -> 1
direct: holds

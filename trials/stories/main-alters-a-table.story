-- story: A column that main adds does not change an answer that named its columns
-- base
CREATE TABLE t (id int PRIMARY KEY, a int);
INSERT INTO t VALUES (1, 1), (2, 2);
-- branch
alice> named: SELECT id, a FROM t ORDER BY id;
alice> star: SELECT * FROM t ORDER BY id;
-- main
ALTER TABLE t ADD COLUMN b int DEFAULT 7;
-- check
named: holds
star: changed 1, 1; 2, 2 -> 1, 1, 7; 2, 2, 7

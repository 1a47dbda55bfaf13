-- story: An accepted deletion is asked again when it would delete as many rows, but others
-- base
CREATE TABLE gone (id int PRIMARY KEY, n int NOT NULL);
CREATE TABLE t (id int PRIMARY KEY);
INSERT INTO gone VALUES (8, 10), (9, 10);
INSERT INTO t SELECT i FROM generate_series(1, 150) i;
-- branch
alice> DELETE /* made */ FROM t WHERE id IN (SELECT n FROM gone);
-- main
UPDATE gone SET n = 11 WHERE id = 9;
-- promote dry run
decide: answer made = accept
outcome: landed
-- main
UPDATE gone SET n = 140 WHERE id = 9;
-- promote
outcome: held
fact: answer made
-- main has
SELECT count(*) FROM t;
= 150

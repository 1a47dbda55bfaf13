-- story: What rests on a materialised view lands while nobody has refreshed it
-- base
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE MATERIALIZED VIEW total AS SELECT sum(v) AS v FROM t;
CREATE TABLE done (n int PRIMARY KEY);
-- branch
alice> seen: SELECT v FROM total;
alice> INSERT INTO done VALUES (3);
-- main
UPDATE t SET v = 10 WHERE id = 1;
-- check
seen: holds
-- promote
outcome: landed
landed: 1
-- branch
bob> again: SELECT v FROM total;
bob> INSERT INTO done VALUES (4);
-- main
REFRESH MATERIALIZED VIEW total;
-- promote
outcome: held
fact: answer again
-- main has
SELECT n FROM done;
= 3

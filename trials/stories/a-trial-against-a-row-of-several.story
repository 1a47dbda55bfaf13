-- story: An INSERT went through that a row of main and of a unit that stays would stand in the way of
-- base
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE (a, b));
INSERT INTO t VALUES (1, 0, 0);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'x';
alice> UPDATE t SET b = 5 WHERE id = 1;
carl> SET anabranch.task = 'z';
carl> INSERT INTO t VALUES (2, 7, 0);
carl> DELETE FROM t WHERE id = 2;
carl> INSERT INTO note VALUES (1, 'free');
-- main
UPDATE t SET a = 7 WHERE id = 1;
-- promote
decide: task x = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

-- story: A transaction under deferred constraints is executed again under them
-- base
CREATE TABLE p (id int PRIMARY KEY, e int UNIQUE DEFERRABLE);
INSERT INTO p VALUES (1, 1), (2, 2);
CREATE TABLE k (v int PRIMARY KEY);
INSERT INTO k VALUES (1);
-- branch
alice> BEGIN;
alice> SET CONSTRAINTS ALL DEFERRED;
alice> /* one */ UPDATE p SET e = 2 WHERE id = (SELECT min(v) FROM k);
alice> /* two */ UPDATE p SET e = 1 WHERE id = 2;
alice> COMMIT;
-- main
INSERT INTO k VALUES (5);
-- check
one: holds
two: holds
-- promote
outcome: landed
-- main has
SELECT e FROM p ORDER BY id;
= 2
= 1

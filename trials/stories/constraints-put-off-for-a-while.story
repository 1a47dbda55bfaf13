-- story: What put its constraints off does so again when it is asked again
-- base
CREATE TABLE p (id int PRIMARY KEY, e int UNIQUE DEFERRABLE);
INSERT INTO p VALUES (1, 1), (2, 2);
CREATE TABLE other (id int PRIMARY KEY, n int);
INSERT INTO other VALUES (1, 1);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> BEGIN;
alice> SET CONSTRAINTS ALL DEFERRED;
alice> /* first */ UPDATE p SET e = 2 WHERE id = 1;
alice> /* second */ UPDATE p SET e = 1 WHERE id = 2 AND (SELECT n FROM other) = 1;
alice> SET CONSTRAINTS ALL IMMEDIATE;
alice> INSERT INTO note VALUES (1, 'exchanged');
alice> COMMIT;
-- main
UPDATE p SET id = 9 WHERE id = 3;
INSERT INTO p VALUES (4, 4);
INSERT INTO other VALUES (2, 2);
DELETE FROM other WHERE id = 2;
-- check
first: holds
second: holds
-- promote
outcome: landed
-- main has
SELECT id, e FROM p ORDER BY id;
= 1, 2
= 2, 1
= 4, 4

-- story: A DELETE inside WITH beside an UPDATE of no rows, rolled back, went through once another unit had removed a child
-- base
CREATE TABLE d (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, d int REFERENCES d);
CREATE TABLE log (id int PRIMARY KEY, l text);
INSERT INTO d VALUES (1);
INSERT INTO c VALUES (1, 1);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> DELETE FROM c WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> WITH x AS (DELETE FROM d WHERE id = 1 RETURNING id) UPDATE log SET l = 'gone' WHERE id = 7;
bob> ROLLBACK;
bob> INSERT INTO note VALUES (1, 'nobody needs d 1');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

-- story: An INSERT inside WITH that was rolled back went through for a value that another unit had freed
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'x');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE p SET e = 'y' WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> WITH i AS (INSERT INTO p VALUES (2, 'x') RETURNING id) SELECT id FROM i;
bob> ROLLBACK;
bob> INSERT INTO note VALUES (1, 'one');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

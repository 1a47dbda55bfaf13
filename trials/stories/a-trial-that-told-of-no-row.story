-- story: An INSERT inside WITH whose outer statement did nothing, rolled back, needed room that another unit made
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'x');
CREATE TABLE log (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE p SET e = 'y' WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> WITH i AS (INSERT INTO p VALUES (2, 'x') RETURNING id) INSERT INTO log SELECT id FROM i WHERE id > 5;
bob> ROLLBACK;
bob> INSERT INTO note VALUES (1, 'x was free');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

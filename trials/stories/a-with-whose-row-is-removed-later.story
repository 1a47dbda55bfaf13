-- story: An INSERT inside WITH, committed and removed again, needed room that another unit made
-- base
CREATE TABLE p (id int PRIMARY KEY, e text);
CREATE UNIQUE INDEX pe ON p (lower(e));
INSERT INTO p VALUES (1, 'x');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE p SET e = 'y' WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> WITH i AS (INSERT INTO p VALUES (2, 'X') RETURNING id) SELECT /* made */ id FROM i;
bob> DELETE FROM p WHERE id = 2;
bob> INSERT INTO note VALUES (1, 'x was free');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

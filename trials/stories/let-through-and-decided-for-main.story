-- story: A row that needed room from another unit is decided for main's, and what made room is dropped (update)
-- base
CREATE TABLE p (id int PRIMARY KEY, e text);
CREATE UNIQUE INDEX pe ON p (lower(e));
INSERT INTO p VALUES (1, 'x'), (3, 'w');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE p SET e = 'y' WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> UPDATE /* made */ p SET e = 'x' WHERE id = 3;
bob> INSERT INTO note VALUES (1, 'x was free');
-- main
UPDATE p SET e = 'z' WHERE id = 3;
-- promote
decide: task a = drop
decide: conflict p = main
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

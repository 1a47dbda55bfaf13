-- story: A value by hand gives up the room that another unit made, in an inserted row of one key
-- base
CREATE TABLE p (id int PRIMARY KEY, e text, n int);
CREATE UNIQUE INDEX pe ON p (e) WHERE n > 0;
INSERT INTO p VALUES (1, 'x', 1), (3, 'x', 0);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE p SET e = 'y' WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> UPDATE p SET n = 5 WHERE id = 3;
bob> INSERT INTO note VALUES (1, 'x could be in force');
-- main
UPDATE p SET n = -1 WHERE id = 3;
-- promote
decide: task a = drop
decide: conflict p .n = main
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

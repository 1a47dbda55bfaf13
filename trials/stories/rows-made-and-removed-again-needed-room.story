-- story: Rows that a branch made and removed again went through for a value that another unit had freed
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'x'), (3, 'w');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE p SET e = 'y' WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> INSERT INTO p VALUES (2, 'x');
bob> DELETE FROM p WHERE id = 2;
bob> INSERT INTO note VALUES (1, 'in one transaction');
bob> COMMIT;
carol> SET anabranch.task = 'c';
carol> INSERT INTO p VALUES (2, 'x');
carol> DELETE FROM p WHERE id = 2;
carol> INSERT INTO note VALUES (2, 'in two');
dave> SET anabranch.task = 'd';
dave> UPDATE p SET e = 'x' WHERE id = 3;
dave> UPDATE p SET e = 'z' WHERE id = 3;
dave> INSERT INTO note VALUES (3, 'another value again');
erin> SET anabranch.task = 'e';
erin> INSERT INTO p VALUES (4, 'q');
erin> INSERT INTO note VALUES (4, 'needs no room');
-- promote
decide: task a = drop
outcome: landed
-- main has
SELECT id FROM note;
= 4

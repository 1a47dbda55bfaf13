-- story: A deletion that was tried and taken back went through for a child that another unit had deleted
-- base
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> DELETE FROM c WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> DELETE FROM p WHERE id = 1;
bob> ROLLBACK;
bob> INSERT INTO note VALUES (1, 'one');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

-- story: An insert that was tried and taken back went through for a parent that another unit had made
-- base
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> INSERT INTO p VALUES (1);
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> INSERT INTO c VALUES (1, 1);
bob> ROLLBACK;
bob> INSERT INTO note VALUES (1, 'one');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

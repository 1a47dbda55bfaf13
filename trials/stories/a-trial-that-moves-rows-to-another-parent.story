-- story: What follows a statement names a row of another parent, which another unit had put in
-- base
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE d (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p ON UPDATE CASCADE REFERENCES d);
INSERT INTO p VALUES (1);
INSERT INTO d VALUES (1);
INSERT INTO c VALUES (1, 1);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> INSERT INTO d VALUES (2);
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> UPDATE p SET id = 2 WHERE id = 1;
bob> ROLLBACK;
bob> INSERT INTO note VALUES (1, 'one');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

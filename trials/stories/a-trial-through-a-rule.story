-- story: A trial through a rule that makes an INSERT of an UPDATE, and what made room is dropped
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'x');
CREATE VIEW v AS SELECT 0 AS id, ''::text AS e;
CREATE RULE put AS ON UPDATE TO v DO INSTEAD INSERT INTO p VALUES (NEW.id, NEW.e);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE p SET e = 'y' WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* tried */ UPDATE v SET id = 2, e = 'x';
bob> ROLLBACK;
bob> INSERT INTO note VALUES (1, 'x is free');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

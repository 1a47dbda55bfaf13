-- story: A view took a row, or refused it, by what another unit had written elsewhere
-- base
CREATE TABLE p (id int PRIMARY KEY, e text);
CREATE TABLE d (id int PRIMARY KEY);
INSERT INTO d VALUES (3);
CREATE VIEW v AS SELECT * FROM p WHERE EXISTS (SELECT 1 FROM d WHERE d.id = p.id) WITH CHECK OPTION;
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> INSERT INTO d VALUES (2);
alice> DELETE FROM d WHERE id = 3;
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> INSERT INTO v VALUES (2, 'x');
bob> ROLLBACK;
bob> INSERT INTO note VALUES (1, 'it was taken');
carol> SET anabranch.task = 'c';
carol!> INSERT INTO v VALUES (3, 'x');
carol> INSERT INTO note VALUES (2, 'it was refused');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

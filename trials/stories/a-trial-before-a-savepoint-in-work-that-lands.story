-- story: A statement taken back to a savepoint went through for a value that another unit had freed, and its transaction wrote besides
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'x');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE p SET e = 'y' WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> SAVEPOINT s;
bob> INSERT INTO p VALUES (2, 'x');
bob> ROLLBACK TO s;
bob> INSERT INTO note VALUES (1, 'one');
bob> COMMIT;
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

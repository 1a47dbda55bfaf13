-- story: a parent that can't be removed gets another child; main removes the first
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE p (id int PRIMARY KEY);
INSERT INTO p VALUES (1);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
INSERT INTO c VALUES (1, 1);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> SAVEPOINT s;
bob!> DELETE FROM p WHERE id = 1;
bob> ROLLBACK TO SAVEPOINT s;
bob> INSERT INTO c VALUES (2, 1);
bob> COMMIT;
-- promote
outcome: landed
-- main
DELETE FROM c WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- promote
outcome: held

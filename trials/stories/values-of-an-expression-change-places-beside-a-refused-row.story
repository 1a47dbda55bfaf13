-- story: Values of a unique expression change places beside work that main refuses
-- base
CREATE TABLE p (id int PRIMARY KEY, e text);
CREATE UNIQUE INDEX ON p (lower(e));
INSERT INTO p VALUES (1, 'x'), (2, 'y');
CREATE TABLE g (id int PRIMARY KEY, e text UNIQUE);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> UPDATE p SET e = 'tmp' WHERE id = 1;
bob> UPDATE p SET e = 'x' WHERE id = 2;
bob> UPDATE p SET e = 'y' WHERE id = 1;
bob> COMMIT;
carol> SET anabranch.task = 'c';
carol> /* guilty */ INSERT INTO g VALUES (8, 'z');
-- main
INSERT INTO g VALUES (7, 'z');
-- promote accepting guilty
outcome: partial
landed: 1
held: 1
-- main has
SELECT e FROM p ORDER BY id;
= y
= x

-- story: A new row takes a value of a row that was removed after it was made, beside work that main refuses
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (3, 'x');
CREATE TABLE g (id int PRIMARY KEY, e text UNIQUE);
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO p VALUES (9, 'q');
bob> DELETE FROM p WHERE id = 3;
bob> UPDATE p SET e = 'x' WHERE id = 9;
carol> SET anabranch.task = 'c';
carol> /* guilty */ INSERT INTO g VALUES (8, 'z');
-- main
INSERT INTO g VALUES (7, 'z');
-- promote accepting guilty
outcome: partial
landed: 3
held: 1
-- main has
SELECT id, e FROM p ORDER BY id;
= 9, x

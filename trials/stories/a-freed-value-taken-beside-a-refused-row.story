-- story: A new row that takes a value that was freed after it was made, beside work that main refuses
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (3, 'x');
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO p VALUES (9, 'q');
bob> UPDATE p SET e = 'y' WHERE id = 3;
bob> UPDATE p SET e = 'x' WHERE id = 9;
carol> SET anabranch.task = 'c';
carol> /* guilty */ INSERT INTO p VALUES (8, 'z');
-- main
INSERT INTO p VALUES (7, 'z');
-- promote accepting guilty
outcome: partial
landed: 3
held: 1
-- main has
SELECT id, e FROM p ORDER BY id;
= 3, y
= 7, z
= 9, x

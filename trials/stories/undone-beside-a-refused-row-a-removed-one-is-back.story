-- story: An undoing in which a value goes back to a row that was removed, beside a row that main refuses
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (3, 'x'), (5, 'g');
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
-- branch
bob> SET anabranch.task = 'b';
bob> DELETE FROM p WHERE id = 3;
bob> INSERT INTO p VALUES (9, 'x');
carol> SET anabranch.task = 'c';
carol> DELETE FROM p WHERE id = 5;
-- promote
outcome: landed
-- main
INSERT INTO p VALUES (6, 'g') ON CONFLICT DO NOTHING;
-- undo
outcome: partial
landed: 2
held: 1
-- main has
SELECT id, e FROM p ORDER BY id;
= 3, x
= 6, g

-- story: An undoing of a value that passed from a removed row to a changed one, beside one that main refuses
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (3, 'x'), (4, 'w'), (5, 'g');
-- branch
bob> SET anabranch.task = 'b';
bob> DELETE FROM p WHERE id = 3;
dave> SET anabranch.task = 'd';
dave> UPDATE p SET e = 'x' WHERE id = 4;
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
= 4, w
= 6, g

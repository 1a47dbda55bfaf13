-- story: A row that main's later rows refer to is not taken back, nor are rows that could not be put back
-- base
CREATE TABLE parent (id int PRIMARY KEY, name text UNIQUE);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE);
INSERT INTO parent VALUES (1, 'one'), (2, 'two'), (3, 'three');
-- branch
alice> INSERT INTO parent VALUES (4, 'four');
bob> DELETE FROM parent WHERE id = 1;
carol> UPDATE parent SET name = 'TWO' WHERE id = 2;
-- promote
outcome: landed
landed: 3
-- main
INSERT INTO child SELECT 1, id FROM parent WHERE id = 4;
INSERT INTO parent SELECT 9, 'one' WHERE NOT EXISTS (SELECT FROM parent WHERE name = 'one');
-- undo
outcome: partial
landed: 1
held: 2
fact: constraint
-- main has
SELECT id, name FROM parent ORDER BY id;
= 2, two
= 3, three
= 4, four
= 9, one
-- main has
SELECT count(*) FROM child;
= 1

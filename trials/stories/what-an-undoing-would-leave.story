-- story: A dry run of an undoing tells what main will refuse to take back
-- base
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent);
-- branch
alice> INSERT INTO parent VALUES (1);
bob> INSERT INTO parent VALUES (2);
-- promote
outcome: landed
-- main
INSERT INTO child SELECT 1, id FROM parent WHERE id = 1;
-- undo dry run
outcome: partial
landed: 1
held: 1
fact: constraint
-- undo
outcome: partial
landed: 1
held: 1
fact: constraint

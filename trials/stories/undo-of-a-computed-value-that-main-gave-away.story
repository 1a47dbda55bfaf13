-- story: undo of an UPDATE with a generated deferrable unique whose value main has given to another row
-- base
CREATE TABLE p (id int PRIMARY KEY, e text, g text GENERATED ALWAYS AS (lower(e)) STORED UNIQUE DEFERRABLE);
INSERT INTO p (id, e) VALUES (1, 'a'), (2, 'b');
-- branch
bob> UPDATE p SET e = 'c' WHERE id = 1;
-- promote
outcome: landed
-- main
INSERT INTO p (id, e) SELECT 9, 'A' WHERE NOT EXISTS (SELECT FROM p WHERE g = 'a');
-- undo
outcome: held
-- main has
SELECT count(*) - count(DISTINCT g) FROM p;
= 0

-- story: undo of an UPDATE of the source of a generated foreign key whose parent main has removed
-- base
CREATE TABLE q (id int PRIMARY KEY);
INSERT INTO q VALUES (1), (2);
CREATE TABLE c (id int PRIMARY KEY, e int, g int GENERATED ALWAYS AS (e) STORED REFERENCES q);
INSERT INTO c VALUES (1, 1);
-- branch
bob> UPDATE c SET e = 2 WHERE id = 1;
-- promote
outcome: landed
-- main
DELETE FROM q WHERE id = 1 AND NOT EXISTS (SELECT FROM c WHERE g = 1);
-- undo
outcome: held
-- main has
SELECT count(*) FROM c WHERE g NOT IN (SELECT id FROM q);
= 0

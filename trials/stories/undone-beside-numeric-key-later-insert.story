-- story: A later promotion put in another row of a table with a numeric key
-- base
CREATE TABLE acc (id numeric PRIMARY KEY, n int);
INSERT INTO acc VALUES (1, 10), (2, 20);
-- branch
alice> UPDATE acc SET n = 11 WHERE id = 1;
-- promote
outcome: landed
-- sibling b of now
bob> INSERT INTO acc VALUES (7, 21);
-- promote of b
outcome: landed
-- undo 1
outcome: landed

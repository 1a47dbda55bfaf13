-- story: A number that a person chose is kept
-- base
CREATE TABLE doc (id serial PRIMARY KEY, t text);
INSERT INTO doc (t) VALUES ('a'), ('b'), ('c');
-- branch
alice> DELETE FROM doc WHERE id = 2;
alice> INSERT INTO doc VALUES (2, 'b again');
bob> INSERT INTO doc VALUES (1000000, 'far away');
-- promote
outcome: landed
-- main has
SELECT id, t FROM doc ORDER BY id
= 1, a
= 2, b again
= 3, c
= 1000000, far away

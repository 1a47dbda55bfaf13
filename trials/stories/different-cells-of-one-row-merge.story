-- story: Two sides that changed different cells of one row both get their way
-- base
CREATE TABLE person (id int PRIMARY KEY, name text, city text);
INSERT INTO person VALUES (1, 'Ann', 'Bern'), (2, 'Ben', 'Bern');
-- branch
alice> UPDATE person SET city = 'Rome' WHERE id = 1;
-- main
UPDATE person SET name = 'Anna' WHERE id = 1;
-- promote
outcome: landed
landed: 1
held: 0
facts: none
-- main has
SELECT * FROM person ORDER BY id
= 1, Anna, Rome
= 2, Ben, Bern

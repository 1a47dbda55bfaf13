-- story: A promotion follows a table and a column that main has renamed
-- base
CREATE TABLE person (id int PRIMARY KEY, name text, town text);
INSERT INTO person VALUES (1, 'Ann', 'Bern');
-- branch
alice> UPDATE person SET town = 'Rome' WHERE id = 1;
alice> INSERT INTO person VALUES (2, 'Ben', 'Oslo');
-- main
ALTER TABLE person RENAME TO people;
ALTER TABLE people RENAME COLUMN town TO city;
-- promote
outcome: landed
landed: 2
-- main has
SELECT id, name, city FROM people ORDER BY id
= 1, Ann, Rome
= 2, Ben, Oslo

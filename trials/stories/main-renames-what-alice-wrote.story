-- story: A promotion follows a table and a column that main has renamed, where what was read of them is still known
-- base
CREATE TABLE person (id int PRIMARY KEY, name text, town text);
CREATE TABLE pet (id int PRIMARY KEY, name text, kind text);
INSERT INTO person VALUES (1, 'Ann', 'Bern');
INSERT INTO pet VALUES (1, 'Tom', 'dog');
-- branch
alice> UPDATE person SET town = 'Rome' WHERE id = 1;
alice> INSERT INTO person VALUES (2, 'Ben', 'Oslo');
bob> INSERT INTO pet VALUES (2, 'Rex', 'dog');
carol> /* cat */ UPDATE pet SET kind = 'cat' WHERE id = 1;
-- main
ALTER TABLE person RENAME TO people;
ALTER TABLE pet RENAME COLUMN kind TO sort;
-- promote
outcome: partial
landed: 3
held: 1
fact: answer cat
-- main has
SELECT id, name, town FROM people ORDER BY id
= 1, Ann, Rome
= 2, Ben, Oslo
-- promote accepting cat
outcome: landed
landed: 1
-- main has
SELECT id, name, sort FROM pet ORDER BY id
= 1, Tom, cat
= 2, Rex, dog

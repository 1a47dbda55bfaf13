-- story: A promotion follows a table and a column that main has renamed, where what was read of them is still known
-- base
CREATE TABLE inhabitant (id int PRIMARY KEY, name text, town text);
CREATE TABLE companion (id int PRIMARY KEY, name text, kind text);
INSERT INTO inhabitant VALUES (1, 'Ann', 'Bern');
INSERT INTO companion VALUES (1, 'Tom', 'dog');
-- branch
alice> UPDATE inhabitant SET town = 'Rome' WHERE id = 1;
alice> INSERT INTO inhabitant VALUES (2, 'Ben', 'Oslo');
bob> INSERT INTO companion VALUES (2, 'Rex', 'dog');
carol> /* cat */ UPDATE companion SET kind = 'cat' WHERE id = 1;
-- main
ALTER TABLE inhabitant RENAME TO inhabitants;
ALTER TABLE companion RENAME COLUMN kind TO sort;
-- promote
outcome: partial
landed: 3
held: 1
fact: answer cat
-- main has
SELECT id, name, town FROM inhabitants ORDER BY id
= 1, Ann, Rome
= 2, Ben, Oslo
-- promote accepting cat
outcome: landed
landed: 1
-- main has
SELECT id, name, sort FROM companion ORDER BY id
= 1, Tom, cat
= 2, Rex, dog

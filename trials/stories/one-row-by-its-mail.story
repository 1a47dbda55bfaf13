-- story: Who asks for the first row with a unique value is told that it is another
-- base
CREATE TABLE person (id int PRIMARY KEY, mail text NOT NULL UNIQUE, name text);
INSERT INTO person VALUES (1, 'ann@x', 'Ann'), (2, 'bob@x', 'Bob');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
ann> SET anabranch.task = 'a';
ann> named: SELECT id, name FROM person WHERE mail = 'ann@x' LIMIT 1;
ann> INSERT INTO note VALUES (1, 'Ann');
bob> SET anabranch.task = 'b';
bob> other: SELECT id, name FROM person WHERE mail = 'bob@x' LIMIT 1;
bob> INSERT INTO note VALUES (2, 'Bob');
-- main
UPDATE person SET name = 'Anna' WHERE id = 1;
-- check
named: changed 1, Ann -> 1, Anna
other: holds
-- promote
outcome: partial
landed: 1
-- main has
SELECT l FROM note;
= Bob

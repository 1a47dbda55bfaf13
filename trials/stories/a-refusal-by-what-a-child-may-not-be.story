-- story: A deletion was refused for what a foreign key would have made of a child
-- base
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int NOT NULL REFERENCES p ON DELETE SET NULL);
INSERT INTO p VALUES (1);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> INSERT INTO c VALUES (1, 1);
bob> SET anabranch.task = 'b';
bob!> DELETE FROM p WHERE id = 1;
bob> INSERT INTO note VALUES (1, 'one');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

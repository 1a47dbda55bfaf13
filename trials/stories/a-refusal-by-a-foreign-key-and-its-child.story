-- story: A deletion that was refused because of a child rests on the unit that made the child
-- base
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO p VALUES (1);
-- branch
alice> SET anabranch.task = 'a';
alice> INSERT INTO c VALUES (1, 1);
bob> SET anabranch.task = 'b';
bob!> DELETE FROM p WHERE id = 1;
bob> INSERT INTO note VALUES (1, 'one is named');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

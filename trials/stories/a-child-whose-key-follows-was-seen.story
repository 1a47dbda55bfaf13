-- story: A child whose key follows its parent's, which the branch renamed, and main changed the child
-- base
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (p int REFERENCES p ON UPDATE CASCADE, pos int, txt text, PRIMARY KEY (p, pos));
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO p VALUES (3);
INSERT INTO c VALUES (3, 1, 'a');
-- branch
alice> SET anabranch.task = 'key';
alice> UPDATE p SET id = 13 WHERE id = 3;
bob> SET anabranch.task = 'look';
bob> txt: SELECT txt FROM c WHERE p = 13;
bob> INSERT INTO note VALUES (1, 'a');
-- main
UPDATE c SET txt = 'SECRET';
-- check
txt: changed or undecided
-- promote
outcome: partial or held

-- story: A task reads in one connection and writes in another, as a pool makes it
-- base
CREATE TABLE o (id int PRIMARY KEY, status text);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO o VALUES (1, 'open'), (2, 'open');
-- branch
alice> SET anabranch.task = 'request 1';
bob> SET anabranch.task = 'request 1';
carol> SET anabranch.task = 'request 2';
dave> SET anabranch.task = 'request 2';
alice> one: SELECT status FROM o WHERE id = 1;
carol> two: SELECT status FROM o WHERE id = 2;
bob> INSERT INTO note VALUES (1, 'one is open');
dave> INSERT INTO note VALUES (2, 'two is open');
-- main
UPDATE o SET status = 'void' WHERE id = 1;
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id FROM note
= 2

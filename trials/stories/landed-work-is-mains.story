-- story: What has landed is main's own from then on, and is laid over it no more
-- base
CREATE TABLE o (id int PRIMARY KEY, status text);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO o VALUES (1, 'open');
-- branch
alice> SET anabranch.task = 'ship';
alice> UPDATE o SET status = 'shipped' WHERE id = 1;
-- promote
outcome: landed
-- branch
alice> SET anabranch.task = 'tell';
alice> status: SELECT status FROM o WHERE id = 1;
alice> INSERT INTO note VALUES (1, 'on its way');
-- main
UPDATE o SET status = 'open' WHERE id = 1;
-- check
status: changed shipped -> open
-- promote
outcome: held
-- main has
SELECT count(*) FROM note
= 0

-- story: Two carts, each filled and emptied; the task of one is held for a reason of its own
-- base
CREATE TABLE cart (id int PRIMARY KEY, item text);
CREATE TABLE k (id int PRIMARY KEY, n int);
INSERT INTO k VALUES (1, 1);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> SET anabranch.task = 'a';
alice> seen: SELECT n FROM k;
alice> INSERT INTO cart VALUES (1, 'pen');
bob> SET anabranch.task = 'b';
bob> INSERT INTO cart VALUES (2, 'ink');
bob> DELETE FROM cart WHERE id = 2;
bob> INSERT INTO note VALUES (2, 'emptied');
-- main
UPDATE k SET n = 2;
-- promote
outcome: partial
held: 1

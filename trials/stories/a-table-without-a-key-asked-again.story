-- story: A check looks again at a table without a key, though no feed tells that it has changed
-- base
CREATE TABLE note (line text);
INSERT INTO note VALUES ('a'), ('b');
CREATE TABLE done (n int PRIMARY KEY);
-- branch
alice> lines: SELECT count(*) FROM note;
-- check
lines: holds
-- main
INSERT INTO note VALUES ('c');
-- check
lines: changed 2 -> 3
-- main
DELETE FROM note WHERE line = 'c';
-- check
lines: holds

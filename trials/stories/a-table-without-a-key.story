-- story: Answers on a table without a key are asked again
-- base
CREATE TABLE note (line text);
INSERT INTO note VALUES ('a'), ('b');
-- branch
alice> lines: SELECT count(*) FROM note;
alice> b: SELECT count(*) FROM note WHERE line = 'b';
-- main
INSERT INTO note VALUES ('c');
-- check
lines: changed 2 -> 3
b: holds

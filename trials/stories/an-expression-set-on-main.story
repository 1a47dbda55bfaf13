-- story: Main gives a generated column another expression, and the replica identity of a table to nobody
-- base
CREATE TABLE t (id int PRIMARY KEY, v int, twice int GENERATED ALWAYS AS (v * 2) STORED);
INSERT INTO t (id, v) VALUES (1, 1), (2, 2);
CREATE TABLE q (id int PRIMARY KEY, v int);
INSERT INTO q VALUES (1, 1), (2, 2);
CREATE TABLE note (id int PRIMARY KEY);
-- branch
alice> twice: SELECT twice FROM t WHERE id = 1;
alice> INSERT INTO note VALUES (1);
bob> v: SELECT v FROM t WHERE id = 1;
bob> INSERT INTO note VALUES (2);
carol> q: SELECT v FROM q WHERE id = 1;
carol> INSERT INTO note VALUES (3);
dave> still: SELECT v FROM q WHERE id = 2;
dave> INSERT INTO note VALUES (4);
-- main
ALTER TABLE t ALTER COLUMN twice SET EXPRESSION AS (v * 3);
ALTER TABLE q REPLICA IDENTITY NOTHING;
SELECT pg_sleep(3);
UPDATE q SET v = 10 WHERE id = 1;
-- check
twice: changed 2 -> 3
v: holds
q: changed 1 -> 10
still: holds
-- promote
outcome: partial
landed: 2
held: 2
-- main has
SELECT id FROM note ORDER BY id
= 2
= 4

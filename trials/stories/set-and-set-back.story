-- story: What the branch set and set back is a conflict where main has changed it, like any other value
-- base
CREATE TABLE t (id int PRIMARY KEY, s text, n int);
INSERT INTO t VALUES (1, 'open', 0), (2, 'open', 0), (3, 'open', 0), (4, 'open', 0);
CREATE TABLE log (id int PRIMARY KEY, words text);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE t SET s = 'held' WHERE id = 1;
alice> INSERT INTO log VALUES (1, 'hold 1');
alice> UPDATE t SET s = 'open' WHERE id = 1;
alice> INSERT INTO log VALUES (2, 'release 1');
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> DELETE FROM t WHERE id = 2;
bob> INSERT INTO t VALUES (2, 'open', 0);
bob> COMMIT;
carol> SET anabranch.task = 'c';
carol> UPDATE t SET s = 'held' WHERE id = 3;
carol> UPDATE t SET s = 'open' WHERE id = 3;
carol> back: SELECT s FROM t WHERE id = 3;
dave> SET anabranch.task = 'd';
dave> UPDATE t SET s = 'held' WHERE id = 4;
dave> UPDATE t SET s = 'open' WHERE id = 4;
dave> kept: SELECT s FROM t WHERE id = 4;
-- main
UPDATE t SET s = 'void' WHERE id IN (1, 2, 3);
UPDATE t SET n = 1 WHERE id = 4;
-- check
back: undecided or changed
kept: holds
-- promote
outcome: partial
landed: 2
held: 7
-- main has
SELECT id, s, n FROM t ORDER BY id
= 1, void, 0
= 2, void, 0
= 3, void, 0
= 4, open, 1

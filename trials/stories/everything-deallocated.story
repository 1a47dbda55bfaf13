-- story: What is prepared again under a name after DEALLOCATE ALL is kept under its own text
-- base
CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three');
CREATE TABLE note (id int PRIMARY KEY);
-- branch
alice> PREPARE s AS /* first */ SELECT v FROM t WHERE id = 1;
alice> first: EXECUTE s;
alice> DEALLOCATE ALL;
alice> PREPARE s AS /* second */ SELECT v FROM t WHERE id = 2;
alice> second: EXECUTE s;
alice> INSERT INTO note VALUES (1);
bob> PREPARE s AS SELECT v FROM t WHERE id = 3;
bob> DISCARD ALL;
bob> SET search_path = story_everything_deallocated;
bob> PREPARE s AS /* discarded */ SELECT v FROM t WHERE id = 1;
bob> discarded: EXECUTE s;
bob> INSERT INTO note VALUES (2);
-- main
UPDATE t SET v = 'deux' WHERE id = 2;
-- check
first: holds
second: changed two -> deux
discarded: holds
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id FROM note
= 2

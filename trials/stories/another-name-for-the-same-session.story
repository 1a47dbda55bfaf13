-- story: What a session read counts for what it writes under another application name
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO t VALUES (1, 1), (2, 2);
-- branch
alice> one: SELECT n FROM t WHERE id = 1;
alice> SET application_name = 'alice-set';
alice> INSERT INTO note VALUES (1, 'read 1');
bob> two: SELECT n FROM t WHERE id = 1;
bob> BEGIN;
bob> SET LOCAL application_name = 'bob-local';
bob> INSERT INTO note VALUES (2, 'read 1');
bob> COMMIT;
carol> three: SELECT n FROM t WHERE id = 1;
carol> SELECT set_config('application_name', 'carol-config', false);
carol> INSERT INTO note VALUES (3, 'read 1');
dave> four: SELECT n FROM t WHERE id = 2;
dave> SET application_name = 'dave-set';
dave> INSERT INTO note VALUES (4, 'read 2');
-- main
UPDATE t SET n = 99 WHERE id = 1;
-- promote
outcome: partial
landed: 1
held: 3
-- main has
SELECT id FROM note
= 4

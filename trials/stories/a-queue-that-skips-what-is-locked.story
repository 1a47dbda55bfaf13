-- story: A job taken from a queue with SKIP LOCKED is still the first when others are added behind it
-- base
CREATE TABLE job (id int PRIMARY KEY, state text NOT NULL DEFAULT 'ready', worker text);
INSERT INTO job (id) VALUES (1), (2), (3), (4);
CREATE TABLE r (what text PRIMARY KEY);
-- branch
ann> SET anabranch.task = 'ann';
ann> BEGIN;
ann> SELECT /* ann */ id FROM job WHERE state = 'ready' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1;
ann> UPDATE job SET state = 'done', worker = 'ann' WHERE id = 1;
ann> COMMIT;
cat> SET anabranch.task = 'cat';
cat> UPDATE /* cat */ job SET state = 'done', worker = 'cat' WHERE id = (SELECT id FROM job WHERE state = 'ready' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1);
ann> SET anabranch.task = 'locks';
ann> BEGIN;
ann> SELECT id FROM job WHERE id = 3 FOR UPDATE;
bob> SET anabranch.task = 'bob';
bob> SELECT /* bob */ id FROM job WHERE state = 'ready' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1;
bob> INSERT INTO r VALUES ('bob');
ann> COMMIT;
dan> SET anabranch.task = 'dan';
dan> SELECT /* dan */ count(*) FROM (SELECT id FROM job WHERE state = 'ready' FOR UPDATE SKIP LOCKED) s;
dan> INSERT INTO r VALUES ('dan');
-- main
INSERT INTO job (id) VALUES (5);
-- check
ann: holds
cat: holds
bob: holds
dan: undecided
-- promote
outcome: partial
landed: 3
held: 1
-- main has
SELECT id, worker FROM job WHERE state = 'done' ORDER BY id
= 1, ann
= 2, cat
-- main has
SELECT what FROM r
= bob

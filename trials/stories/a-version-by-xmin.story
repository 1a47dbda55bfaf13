-- story: A row's version by xmin is its version until somebody writes it
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 1), (2, 2), (3, 3);
CREATE TABLE r (what text PRIMARY KEY);
-- branch
ann> SET anabranch.task = 'ann';
ann> SELECT /* ann */ n, xmin::text FROM t WHERE id = 1;
ann> UPDATE /* write */ t SET n = 5 WHERE id = 1 AND xmin::text <> '1';
bob> SET anabranch.task = 'bob';
bob> SELECT /* bob */ n, xmin::text FROM t WHERE id = 2;
bob> INSERT INTO r VALUES ('bob');
-- main
UPDATE t SET n = 3 WHERE id = 2;
-- check
ann: holds
write: holds
bob: changed or undecided
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id, n FROM t ORDER BY id
= 1, 5
= 2, 3
= 3, 3

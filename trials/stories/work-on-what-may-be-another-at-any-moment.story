-- story: What rests on an answer that may be another at any moment waits for somebody to accept it
-- base
CREATE TABLE t (id int PRIMARY KEY, at timestamptz, until timestamptz);
INSERT INTO t VALUES (1, now() - interval '40 days', 'infinity');
CREATE TABLE done (id int PRIMARY KEY, n int);
-- branch
ann> SET anabranch.task = 'ann';
ann> open: SELECT count(*) FROM t WHERE tstzrange(at, until) @> now();
ann> INSERT INTO done VALUES (1, 1);
bob> SET anabranch.task = 'bob';
bob> SELECT count(*) FROM t WHERE at < now() - interval '1 day';
bob> INSERT INTO done VALUES (2, 1);
-- promote
outcome: partial
landed: 1
held: 1
fact: answer open
-- promote
decide: answer open = accept
outcome: landed
-- main has
SELECT count(*) FROM done
= 2

-- story: A key was refused for a row that stays behind, and what rests on the refusal stays with it
-- base
CREATE TABLE p (id int PRIMARY KEY, u text UNIQUE);
CREATE TABLE room (id int PRIMARY KEY, days int4range, EXCLUDE USING gist (days WITH &&));
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TABLE r (what text PRIMARY KEY);
INSERT INTO t VALUES (1, 1);
-- branch
ann> SET anabranch.task = 'ann';
ann> SELECT /* n */ n FROM t WHERE id = 1;
ann> INSERT INTO p VALUES (1, 'uu');
ann> INSERT INTO room VALUES (1, '[1,5)');
bob> SET anabranch.task = 'bob';
bob!> INSERT INTO p VALUES (3, 'uu');
bob> INSERT INTO r VALUES ('uu was refused');
cat> SET anabranch.task = 'cat';
cat!> INSERT INTO room VALUES (2, '[4,9)');
cat> INSERT INTO r VALUES ('4 was taken');
dan> SET anabranch.task = 'dan';
dan> INSERT INTO p VALUES (4, 'vv');
dan> INSERT INTO r VALUES ('vv');
-- main
UPDATE t SET n = 2;
-- check
n: changed
-- promote
outcome: partial
landed: 2
held: 4
-- main has
SELECT what FROM r
= vv

-- story: A column that the branch added concerns the questions that read it, and no other, whatever the branch writes
-- base
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, kind text);
INSERT INTO t VALUES (1, 1, 'x'), (2, 2, 'x'), (3, 3, 'y');
CREATE TABLE u (id int PRIMARY KEY, n int);
INSERT INTO u VALUES (1, 1);
CREATE TABLE r (what text PRIMARY KEY);
-- branch
ann> SET anabranch.task = 'migration';
ann> ALTER TABLE t ADD COLUMN more text DEFAULT 'none';
ann> UPDATE t SET more = 'some' WHERE id = 1;
ann> INSERT INTO t (id, a, kind) VALUES (4, 4, 'x');
bob> SET anabranch.task = 'bob';
bob> plain: SELECT /* a comment */ a * 2 FROM t WHERE id = 2;
bob> INSERT INTO r VALUES ('bob');
cat> SET anabranch.task = 'cat';
cat> number: SELECT count(*) FROM t WHERE kind = 'x';
cat> moved: SELECT a FROM t WHERE id = 3;
dan> SET anabranch.task = 'dan';
dan> named: SELECT more FROM t WHERE id = 2;
eve> SET anabranch.task = 'eve';
eve> all: SELECT * FROM t WHERE id = 2;
eve> INSERT INTO r VALUES ('eve');
-- main
INSERT INTO t VALUES (5, 5, 'y');
UPDATE t SET a = 30 WHERE id = 3;
-- check
plain: holds
number: holds
moved: changed 3 -> 30
named: undecided
all: undecided
-- promote
outcome: partial
landed: 1
-- main has
SELECT what FROM r
= bob

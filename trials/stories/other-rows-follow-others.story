-- story: A deletion that rows of another table follow waits for held work on its own rows and for no other
-- base
CREATE TABLE p (id int PRIMARY KEY, n int);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p ON DELETE CASCADE);
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TABLE part (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (1) TO (100);
INSERT INTO part VALUES (1, 1), (2, 2);
INSERT INTO p VALUES (1, 1), (2, 2), (3, 3), (4, 4);
INSERT INTO c VALUES (20, 2), (40, 4);
INSERT INTO t VALUES (1, 1);
-- branch
ann> SET anabranch.task = 'ann';
ann> DELETE /* one */ FROM p WHERE id = 1;
bob> SET anabranch.task = 'bob';
bob> DELETE /* two */ FROM p WHERE id = 2;
cat> SET anabranch.task = 'cat';
cat> SELECT /* n */ n FROM t WHERE id = 1;
cat> UPDATE c SET p = 3 WHERE id = 40;
cat> UPDATE part SET n = 5 WHERE id = 1;
eve> SET anabranch.task = 'eve';
eve> UPDATE part SET n = 6 WHERE id = 2;
dan> SET anabranch.task = 'dan';
dan> DELETE /* four */ FROM p WHERE id = 4;
-- main
INSERT INTO c VALUES (1, 1);
UPDATE t SET n = 2;
-- check
one: changed
two: holds
four: holds
-- promote
outcome: partial
landed: 2
held: 4
-- main has
SELECT id FROM p ORDER BY id
= 1
= 3
= 4

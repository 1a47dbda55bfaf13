-- story: How many rows went into a table, or were passed over, is an answer although none was shown
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TABLE u (id int PRIMARY KEY, n int);
CREATE TABLE r (what text PRIMARY KEY);
INSERT INTO t VALUES (1, 6), (2, 7), (3, 1);
INSERT INTO u VALUES (1, 6);
-- branch
ann> SET anabranch.task = 'created';
ann> CREATE TEMP TABLE x AS /* created */ SELECT * FROM t WHERE n > 5;
ann> INSERT INTO r VALUES ('created');
bob> SET anabranch.task = 'into';
bob> SELECT /* into */ id INTO TEMP z FROM t WHERE n > 5;
bob> INSERT INTO r VALUES ('into');
cat> SET anabranch.task = 'moved';
cat> BEGIN;
cat> DECLARE c CURSOR FOR SELECT /* moved */ id FROM t WHERE n > 5;
cat> MOVE ALL IN c;
cat> COMMIT;
cat> INSERT INTO r VALUES ('moved');
dan> SET anabranch.task = 'executed';
dan> PREPARE p AS SELECT /* executed */ id FROM t WHERE n > 5;
dan> CREATE TEMP TABLE y AS EXECUTE p;
dan> INSERT INTO r VALUES ('executed');
eve> SET anabranch.task = 'planned';
eve> EXPLAIN (ANALYZE, COSTS OFF) SELECT /* planned */ id FROM t WHERE n > 5;
eve> INSERT INTO r VALUES ('planned');
fay> SET anabranch.task = 'unconcerned';
fay> CREATE TEMP TABLE tmp_few AS /* unconcerned */ SELECT * FROM t WHERE n < 5 WITH DATA;
fay> CREATE TEMP TABLE tmp_all AS TABLE u;
fay> INSERT INTO r VALUES ('unconcerned');
-- main
INSERT INTO t VALUES (4, 9);
-- check
created: changed or undecided
into: changed or undecided
moved: changed or undecided
executed: changed or undecided
planned: changed or undecided
unconcerned: holds
-- promote
outcome: partial
landed: 1
held: 5
-- main has
SELECT what FROM r
= unconcerned

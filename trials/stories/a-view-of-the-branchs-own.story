-- story: What the branch's own view, policy, table or overload of a function gave is not what main would answer
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 1), (2, 2), (3, 3);
CREATE VIEW v AS SELECT id, n FROM t WHERE n > 1;
CREATE FUNCTION f(bigint) RETURNS int LANGUAGE sql STABLE AS $$ SELECT 1 $$;
CREATE FUNCTION through() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM v); END $$;
CREATE TABLE old (id int PRIMARY KEY);
INSERT INTO old VALUES (1);
CREATE TABLE r (id int PRIMARY KEY, n int);
-- branch
ann> SET anabranch.task = 'ann';
ann> CREATE OR REPLACE VIEW v AS SELECT id, n FROM t WHERE n > 2;
ann> view: SELECT count(*) FROM v;
ann> INSERT /* effect */ INTO r SELECT 1, count(*) FROM v;
bob> SET anabranch.task = 'bob';
bob> CREATE FUNCTION f(int) RETURNS int LANGUAGE sql STABLE AS $$ SELECT 2 $$;
bob> func: SELECT f(id) FROM t WHERE id = 1;
bob> INSERT INTO r SELECT 2, f(id) FROM t WHERE id = 1;
cat> SET anabranch.task = 'cat';
cat> code: SELECT through();
cat> INSERT INTO r VALUES (3, 1);
dan> SET anabranch.task = 'dan';
dan> DROP TABLE old;
dan> CREATE TABLE old (id int PRIMARY KEY);
dan> table: SELECT count(*) FROM old;
dan> INSERT INTO r VALUES (4, 0);
eve> SET anabranch.task = 'eve';
eve> plain: SELECT n FROM t WHERE id = 2;
eve> INSERT INTO r VALUES (5, 2);
-- check
view: changed or undecided
effect: changed or undecided
func: changed or undecided
code: changed or undecided
table: changed or undecided
plain: holds
-- main has
SELECT count(*) FROM r WHERE id < 5
= 0

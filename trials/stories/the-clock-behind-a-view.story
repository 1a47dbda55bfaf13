-- story: The clock counts also where only a view, a function without a text or a parameter names it
-- base
CREATE TABLE t (id int PRIMARY KEY, at timestamptz);
CREATE VIEW live AS SELECT * FROM t WHERE at > now();
CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM live); END $$;
CREATE FUNCTION moment() RETURNS timestamptz LANGUAGE sql STABLE RETURN now();
CREATE VIEW lively AS SELECT * FROM t WHERE at > moment();
-- branch
ann> INSERT INTO t VALUES (1, clock_timestamp() + interval '4 s');
ann> code: SELECT f();
bob> view: SELECT count(*) FROM lively;
cat> parameter(now): SELECT count(*) FROM t WHERE at > ?;
dan> SELECT pg_sleep(5);
-- check
code: changed or undecided
view: changed or undecided
parameter: changed or undecided

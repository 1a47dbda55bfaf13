-- story: A parameter may say now among other things
-- base
CREATE TABLE t (id int PRIMARY KEY, at timestamptz);
-- branch
ann> INSERT INTO t VALUES (1, clock_timestamp() + interval '4 s');
ann> list({now}): SELECT count(*) FROM t WHERE at > ANY (?::timestamptz[]);
ann> SELECT pg_sleep(5);
-- check
list: changed or undecided

-- story: An answer about rows that are all on one side for good can't flip, and one about the moment can at any
-- base
CREATE TABLE t (id int PRIMARY KEY, at timestamptz, until timestamptz);
INSERT INTO t VALUES (1, now() - interval '40 days', 'infinity'), (2, NULL, NULL);
-- branch
ann> SET timezone = 'UTC';
ann> past: SELECT id FROM t WHERE at > now() - interval '1 day';
ann> forever: SELECT id FROM t WHERE now() < until;
ann> none: SELECT id FROM t WHERE id = 9 AND at > now();
ann> rows: SELECT id FROM t WHERE id < 9;
ann> age: SELECT count(*) FROM t WHERE tstzrange(at, until) @> now();
-- flips
past: never
forever: never
none: never
rows: never
age: any moment

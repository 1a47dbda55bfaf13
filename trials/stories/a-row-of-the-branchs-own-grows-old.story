-- story: A row that the branch itself wrote flips an answer, too, though main does not have it
-- base
CREATE TABLE clock (at timestamptz PRIMARY KEY);
INSERT INTO clock VALUES (now());
CREATE TABLE t (id int PRIMARY KEY, kind int, at timestamptz);
INSERT INTO t SELECT 1, 7, at - interval '2 hours' FROM clock;
INSERT INTO t SELECT 4, 7, at - interval '1 hour' FROM clock;
-- branch
ann> SET timezone = 'UTC';
ann> INSERT INTO t SELECT 2, 7, at - interval '20 hours' FROM clock;
ann> UPDATE t SET at = at - interval '20 hours' WHERE id = 4;
ann> own: SELECT count(*) FROM t WHERE kind = 7 AND id <> 4 AND at > now() - interval '1 day';
ann> changed: SELECT count(*) FROM t WHERE id IN (1, 4) AND at > now() - interval '1 day';
ann> other: SELECT count(*) FROM t WHERE id = 1 AND at > now() - interval '1 day';
-- check
own: holds by rerun
-- flips
own: SELECT at + interval '4 hours' FROM clock
changed: SELECT at + interval '3 hours' FROM clock
other: SELECT at + interval '22 hours' FROM clock

-- story: An answer about the last day, or ninety days, flips when the next row is that old
-- base
CREATE TABLE clock (at timestamptz PRIMARY KEY);
INSERT INTO clock VALUES (now());
CREATE TABLE t (id int PRIMARY KEY, kind int, at timestamptz, day date);
INSERT INTO t SELECT 1, 7, at - interval '20 hours', NULL FROM clock;
INSERT INTO t SELECT 2, 8, at - interval '23 hours', 'infinity' FROM clock;
INSERT INTO t SELECT 3, 7, at - interval '3 days', (at AT TIME ZONE 'UTC')::date - 88 FROM clock;
INSERT INTO t SELECT 4, 7, NULL, (at AT TIME ZONE 'UTC')::date - 91 FROM clock;
-- branch
ann> SET timezone = 'UTC';
ann> lastday: SELECT id FROM t WHERE at > now() - interval '1 day';
ann> twoconditions: SELECT count(*) FROM t WHERE kind = 7 AND at > now() - interval '1 day';
ann> ninety: SELECT id FROM t WHERE day >= current_date - 90;
ann> howlong: SELECT count(*) FROM t WHERE now() - at < interval '36 hours';
ann> over: SELECT id FROM t WHERE at < now() - interval '2 days';
-- check
lastday: holds by rerun
ninety: holds by rerun
-- flips
lastday: SELECT at + interval '1 hour' FROM clock
twoconditions: SELECT at + interval '4 hours' FROM clock
ninety: SELECT ((at AT TIME ZONE 'UTC')::date + 3)::timestamp AT TIME ZONE 'UTC' FROM clock
howlong: SELECT at + interval '13 hours' FROM clock
over: SELECT at + interval '25 hours 1 microsecond' FROM clock

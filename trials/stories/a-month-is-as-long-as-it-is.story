-- story: A month ago is told by the calendar, and never later than a row is that old
-- base
CREATE TABLE clock (at timestamptz PRIMARY KEY);
INSERT INTO clock VALUES (now());
CREATE TABLE t (id int PRIMARY KEY, at timestamptz, day date);
INSERT INTO t SELECT 1, ((at AT TIME ZONE 'Europe/Berlin' - interval '1 month') AT TIME ZONE 'Europe/Berlin') + interval '40 minutes', NULL FROM clock;
INSERT INTO t SELECT 2, NULL, ((at AT TIME ZONE 'Europe/Berlin')::date + 4 - interval '1 month')::date FROM clock;
-- branch
ann> SET timezone = 'Europe/Berlin';
ann> hours: SELECT count(*) FROM t WHERE at > now() - interval '1 month';
ann> days: SELECT count(*) FROM t WHERE day >= current_date - interval '1 month';
-- check
hours: holds by rerun
days: holds by rerun
-- flips
days: SELECT (SELECT min(d) FROM t, generate_series(day::timestamp, day + interval '2 months', '1 day') d WHERE id = 2 AND day < d - interval '1 month') AT TIME ZONE 'Europe/Berlin'

-- story: A day that code read from rows may be no reading of the clock, though it is today
-- base
CREATE TABLE sales (id int PRIMARY KEY, day date);
INSERT INTO sales VALUES (1, (now() AT TIME ZONE 'UTC')::date);
CREATE TABLE r (id int PRIMARY KEY, day date);
CREATE FUNCTION last_day() RETURNS date LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT max(day) FROM sales); END $$;
-- branch
ann> SET anabranch.task = 'ann';
ann> SET timezone = 'Pacific/Kiritimati';
ann> read: SELECT last_day();
ann> INSERT /* ann */ INTO r VALUES (1, last_day());
-- main
INSERT INTO sales VALUES (2, (now() AT TIME ZONE 'UTC')::date + 1);
-- check
read: changed or undecided
ann: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM r
= 0

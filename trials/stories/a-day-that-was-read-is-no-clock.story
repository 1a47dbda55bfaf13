-- story: A day that was read from rows is no reading of the clock, though it is today
-- base
CREATE TABLE sales (id int PRIMARY KEY, day date);
INSERT INTO sales VALUES (1, (now() AT TIME ZONE 'UTC')::date);
CREATE TABLE r (id int PRIMARY KEY, day date);
CREATE TABLE kept (id int PRIMARY KEY, day date DEFAULT current_date, price int);
-- branch
ann> SET anabranch.task = 'ann';
ann> SET timezone = 'Pacific/Kiritimati';
ann> INSERT /* ann */ INTO r SELECT 1, max(day) FROM sales;
bob> SET anabranch.task = 'bob';
bob> INSERT /* bob */ INTO kept (id, price) SELECT 1, count(*) FROM sales WHERE day < '2000-01-01';
-- main
INSERT INTO sales VALUES (2, (now() AT TIME ZONE 'UTC')::date + 1);
-- check
ann: changed
bob: holds
-- promote
outcome: partial
landed: 1
-- main has
SELECT (SELECT count(*) FROM r), (SELECT count(*) FROM kept)
= 0, 1

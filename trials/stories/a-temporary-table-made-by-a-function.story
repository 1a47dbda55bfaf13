-- story: A temporary table that a function makes stands before the real one of its name
-- base
CREATE TABLE sales (id int PRIMARY KEY, total int);
CREATE TABLE report (id int PRIMARY KEY, total int);
INSERT INTO sales VALUES (1, 10), (2, 700);
INSERT INTO report VALUES (1, 0);
CREATE FUNCTION prepare_report() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE report AS SELECT * FROM sales WHERE total > 15; END $$;
-- branch
alice> SELECT prepare_report();
alice> sum: SELECT sum(total) FROM report;
-- main
INSERT INTO sales VALUES (3, 1000);
-- check
sum: changed or undecided

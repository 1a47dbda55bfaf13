-- story: A temporary table stands before the real one of its name, whatever made it
-- base
CREATE TABLE sales (id int PRIMARY KEY, total int);
CREATE TABLE report (id int PRIMARY KEY, total int);
INSERT INTO sales VALUES (1, 10), (2, 700);
INSERT INTO report VALUES (1, 0);
CREATE TABLE visit (id int PRIMARY KEY);
CREATE FUNCTION make_report() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE report AS SELECT * FROM sales WHERE total > 15; RETURN new; END $$;
CREATE TRIGGER make_report BEFORE INSERT ON visit FOR EACH ROW EXECUTE FUNCTION make_report();
CREATE FUNCTION fill() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE report AS SELECT * FROM sales WHERE total > 15; END $$;
-- branch
alice> INSERT INTO visit VALUES (1);
alice> triggered: SELECT sum(total) FROM report;
bob> CREATE FUNCTION pg_temp.mine() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE report AS SELECT * FROM sales WHERE total > 15; END $$;
bob> SELECT pg_temp.mine();
bob> called: SELECT sum(total) FROM report;
carol> EXPLAIN ANALYZE CREATE TEMP TABLE report AS SELECT * FROM sales WHERE total > 15;
carol> explained: SELECT sum(total) FROM report;
dave> EXPLAIN (ANALYZE, COSTS off) CREATE TABLE pg_temp.report AS SELECT * FROM sales WHERE total > 15;
dave> qualified: SELECT sum(total) FROM report;
erin> SET search_path = pg_temp, story_temporary_tables_of_hidden_makers;
erin> CREATE TABLE report AS SELECT * FROM sales WHERE total > 15;
erin> placed: SELECT sum(total) FROM report;
frank> BEGIN;
frank> PREPARE maker AS SELECT fill();
frank> EXECUTE maker;
frank> COMMIT;
frank> executed: SELECT sum(total) FROM report;
-- main
INSERT INTO sales VALUES (3, 1000);
-- check
triggered: changed or undecided
called: changed or undecided
explained: changed or undecided
qualified: changed or undecided
placed: changed or undecided
executed: changed or undecided

-- story: What a function's time zone leaves out of a question is out of it when it is asked again
-- base
CREATE TABLE visit (id int PRIMARY KEY, at timestamptz);
INSERT INTO visit VALUES (1, '2024-07-01 12:00+00');
CREATE FUNCTION travel(zone text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('timezone', zone, false); END $$;
-- branch
alice> SELECT travel('America/New_York');
alice> june: SELECT count(*) FROM visit WHERE at < '2024-06-01 00:00';
-- main
INSERT INTO visit VALUES (2, '2024-06-01 02:00+00');
-- check
june: changed or undecided

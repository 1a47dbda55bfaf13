-- story: A function sets the time zone; a moment in what is asked after it is another one
-- base
CREATE TABLE visit (id int PRIMARY KEY, at timestamptz);
INSERT INTO visit VALUES (1, '2024-07-01 12:00+00');
CREATE TABLE decision (id int PRIMARY KEY, what text);
CREATE FUNCTION travel(zone text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('timezone', zone, false); END $$;
-- branch
alice> SELECT travel('Asia/Tokyo');
alice> june: SELECT count(*) FROM visit WHERE at < '2024-06-01 00:00';
alice> shown: SELECT at::text FROM visit WHERE id = 1;
alice> INSERT INTO decision VALUES (1, 'nobody came in May');
-- main
INSERT INTO visit VALUES (2, '2024-05-31 14:30+00');
UPDATE visit SET at = '2024-07-01 13:00+00' WHERE id = 1;
-- check
june: changed or undecided
shown: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM decision
= 0

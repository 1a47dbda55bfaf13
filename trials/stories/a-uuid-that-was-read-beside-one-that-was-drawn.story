-- story: A uuid that was read from a row is not one that was drawn, though another in the same document was
-- base
CREATE TABLE doc (id int PRIMARY KEY, owner uuid);
INSERT INTO doc VALUES (1, 'aaaaaaaa-0000-4000-8000-000000000001'), (2, 'aaaaaaaa-0000-4000-8000-000000000001');
CREATE TABLE outbox (id int PRIMARY KEY, event jsonb);
CREATE TABLE r (what text PRIMARY KEY);
CREATE FUNCTION event(d int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN gen_random_uuid() || '/' || (SELECT owner FROM doc WHERE id = d); END $$;
-- branch
ann> SET anabranch.task = 'ann';
ann> INSERT /* ann */ INTO outbox SELECT 1, jsonb_build_object('event', gen_random_uuid(), 'owner', owner) FROM doc WHERE id = 1;
bob> SET anabranch.task = 'bob';
bob> bob: SELECT event(2);
bob> INSERT INTO r VALUES ('bob');
-- main
UPDATE doc SET owner = 'bbbbbbbb-0000-4000-8000-000000000002';
-- check
ann: changed or undecided
bob: changed or undecided
-- promote
outcome: held
-- main has
SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM r)
= 0, 0

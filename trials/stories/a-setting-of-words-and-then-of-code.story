-- story: What code left for good in a setting is what it read, though words had set it for the transaction alone
-- base
CREATE TABLE usr (name text PRIMARY KEY, tenant text);
CREATE TABLE doc (id int PRIMARY KEY, tenant text);
CREATE TABLE r (what text PRIMARY KEY);
INSERT INTO usr VALUES ('ann', 't1'), ('bob', 't3');
INSERT INTO doc VALUES (1, 't1'), (2, 't2'), (3, 't3');
CREATE FUNCTION login(u text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.tenant', (SELECT tenant FROM usr WHERE name = u), false); END $$;
CREATE FUNCTION whose() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT tenant FROM usr WHERE name = current_setting('request.sub', true)); END $$;
CREATE FUNCTION logout(u text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN IF (SELECT tenant FROM usr WHERE name = u) = 't1' THEN PERFORM set_config('app.tenant', '', false); END IF; END $$;
CREATE FUNCTION prepare(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE made (id int); END $$;
-- branch
ann> SET anabranch.task = 'ann';
ann> BEGIN;
ann> SET LOCAL app.tenant = 'none';
ann> SELECT /* ann */ login('ann');
ann> COMMIT;
ann> SELECT count(*) FROM doc WHERE tenant = current_setting('app.tenant');
ann> INSERT INTO r VALUES ('ann');
bob> SET anabranch.task = 'bob';
bob> BEGIN;
bob> INSERT INTO r VALUES ('bob');
bob> SET LOCAL app.tenant = 't3';
bob> SELECT /* bob */ count(*) FROM doc WHERE tenant = current_setting('app.tenant');
bob> COMMIT;
bob> SELECT count(*) FROM doc WHERE id = 3;
cat> SET anabranch.task = 'cat';
cat> PREPARE named (int) AS SELECT /* cat */ count(*) FROM doc WHERE id = $1;
cat> EXECUTE named(1);
cat> INSERT INTO r VALUES ('cat');
dan> SET anabranch.task = 'dan';
dan> BEGIN;
dan> SET LOCAL request.sub = 'bob';
dan> SELECT /* dan */ whose();
dan> COMMIT;
dan> INSERT INTO r VALUES ('dan');
dan> BEGIN;
dan> SET LOCAL request.sub = 'bob';
dan> SELECT count(*) FROM doc WHERE id = 3;
dan> SELECT /* again */ whose();
dan> COMMIT;
dan> INSERT INTO r VALUES ('dan again');
eve> SET anabranch.task = 'eve';
eve> SELECT login('bob');
eve> SELECT /* eve */ logout('ann');
eve> SELECT count(*) FROM doc WHERE tenant = current_setting('app.tenant');
eve> INSERT INTO r VALUES ('eve');
-- main
UPDATE usr SET tenant = 't2' WHERE name = 'ann';
-- check
ann: changed
bob: holds
cat: holds
dan: holds
again: holds
eve: changed or undecided
-- promote
outcome: partial
landed: 4
held: 2
-- main has
SELECT what FROM r ORDER BY what
= bob
= cat
= dan
= dan again

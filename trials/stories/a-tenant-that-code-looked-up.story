-- story: What code left in a setting is what it read, and main may have changed that
-- base
CREATE TABLE usr (name text PRIMARY KEY, tenant text);
CREATE TABLE doc (id int PRIMARY KEY, tenant text);
CREATE TABLE r (what text PRIMARY KEY);
INSERT INTO usr VALUES ('ann', 't1'), ('bob', 't3'), ('cat', 't4'), ('dan', 't5'), ('eve', 't6'), ('fay', 't7');
INSERT INTO doc VALUES (1, 't1'), (2, 't2'), (3, 't3');
CREATE FUNCTION login(u text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.tenant', (SELECT tenant FROM usr WHERE name = u), false); END $$;
CREATE FUNCTION pre_request() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.tenant', (SELECT tenant FROM usr WHERE name = current_setting('request.sub', true)), true); END $$;
CREATE PROCEDURE enter(u text) LANGUAGE sql AS $$ SELECT set_config('app.tenant', (SELECT tenant FROM usr WHERE name = u), false) $$;
-- branch
ann> SET anabranch.task = 'ann';
ann> SELECT /* ann */ login('ann');
ann> SELECT count(*) FROM doc WHERE tenant = current_setting('app.tenant');
ann> INSERT INTO r VALUES ('ann');
bob> SET anabranch.task = 'bob';
bob> SELECT /* bob */ login('bob');
bob> SELECT count(*) FROM doc WHERE tenant = current_setting('app.tenant');
bob> SET app.tenant = 'none';
bob> INSERT INTO r VALUES ('bob');
cat> SET anabranch.task = 'cat';
cat> BEGIN;
cat> SELECT set_config('request.sub', 'cat', true);
cat> SELECT /* cat */ pre_request();
cat> SELECT count(*) FROM doc WHERE tenant = current_setting('app.tenant');
cat> INSERT INTO r VALUES ('cat');
cat> COMMIT;
cat> SELECT count(*) FROM doc WHERE id = 1;
dan> SET anabranch.task = 'dan';
dan> BEGIN;
dan> SELECT set_config('request.sub', 'dan', true);
dan> SELECT /* dan */ pre_request();
dan> INSERT INTO r VALUES ('dan');
dan> COMMIT;
eve> SET anabranch.task = 'eve';
eve> CALL /* eve */ enter('eve');
eve> INSERT INTO r VALUES ('eve');
fay> SET anabranch.task = 'fay';
fay> BEGIN;
fay> INSERT INTO r VALUES ('fay');
fay> SET LOCAL request.sub = 'fay';
fay> SELECT /* fay */ pre_request();
fay> COMMIT;
fay> SELECT count(*) FROM doc WHERE id = 3;
-- main
UPDATE usr SET tenant = 't2' WHERE name IN ('ann', 'dan', 'eve', 'fay');
-- check
ann: changed
bob: holds
cat: holds
dan: changed
eve: changed
fay: holds
-- promote
outcome: partial
landed: 3
held: 3
-- main has
SELECT what FROM r ORDER BY what
= bob
= cat
= fay

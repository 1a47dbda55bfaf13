-- story: What was prepared for one tenant is executed for the one whose schema is first by then
-- base
CREATE SCHEMA story_tenant_acme;
CREATE SCHEMA story_tenant_globex;
CREATE TABLE story_tenant_acme.item (id int PRIMARY KEY, n int);
CREATE TABLE story_tenant_globex.item (id int PRIMARY KEY, n int);
INSERT INTO story_tenant_acme.item VALUES (1, 1);
INSERT INTO story_tenant_globex.item VALUES (1, 10);
CREATE TABLE decision (id int PRIMARY KEY);
CREATE FUNCTION enter(tenant text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', tenant, false); END $$;
-- branch
alice> SET search_path = story_tenant_acme;
alice> PREPARE x AS /* set */ SELECT n FROM item WHERE id = 1;
alice> SET search_path = story_tenant_globex;
alice> set: EXECUTE x;
alice> INSERT INTO story_prepared_for_another_tenant.decision VALUES (1);
bob> PREPARE go AS SELECT enter('story_tenant_globex');
bob> EXECUTE go;
bob> executed: SELECT n FROM item WHERE id = 1;
bob> INSERT INTO story_prepared_for_another_tenant.decision VALUES (2);
carol> SET search_path = story_tenant_globex;
carol> PREPARE x AS /* kept */ SELECT n FROM item WHERE id = 1;
carol> SET search_path = story_tenant_acme;
carol> kept: EXECUTE x;
carol> INSERT INTO story_prepared_for_another_tenant.decision VALUES (3);
-- main
UPDATE story_tenant_globex.item SET n = 3;
-- check
set: changed or undecided
executed: changed or undecided
kept: holds
-- promote
outcome: partial or held
-- main has
SELECT count(*) FROM decision WHERE id < 3
= 0

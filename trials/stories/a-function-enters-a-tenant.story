-- story: A function sets where names are looked up; what is asked after it is about the tenant's table
-- base
CREATE SCHEMA story_tenant_north;
CREATE TABLE story_tenant_north.item (id int PRIMARY KEY, n int);
CREATE TABLE item (id int PRIMARY KEY, n int);
CREATE TABLE decision (id int PRIMARY KEY, what text);
INSERT INTO item VALUES (1, 1);
INSERT INTO story_tenant_north.item VALUES (1, 10);
CREATE FUNCTION enter(tenant text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', tenant, false); END $$;
-- branch
alice> SELECT enter('story_tenant_north');
alice> stock: SELECT n FROM item WHERE id = 1;
alice> INSERT INTO story_a_function_enters_a_tenant.decision VALUES (1, 'enough');
-- main
UPDATE story_tenant_north.item SET n = 3;
-- check
stock: changed or undecided
-- promote
outcome: held
landed: 0
-- main has
SELECT count(*) FROM decision
= 0

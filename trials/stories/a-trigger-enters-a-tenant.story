-- story: A trigger sets where names are looked up; what is asked after it is about the tenant's table
-- base
CREATE SCHEMA story_tenant_south;
CREATE TABLE story_tenant_south.item (id int PRIMARY KEY, n int);
CREATE TABLE item (id int PRIMARY KEY, n int);
CREATE TABLE decision (id int PRIMARY KEY, what text);
CREATE TABLE visit (id int PRIMARY KEY);
INSERT INTO item VALUES (1, 1);
INSERT INTO story_tenant_south.item VALUES (1, 10);
CREATE FUNCTION enter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', 'story_tenant_south', false); RETURN new; END $$;
CREATE TRIGGER enter BEFORE INSERT ON visit FOR EACH ROW EXECUTE FUNCTION enter();
-- branch
alice> INSERT INTO visit VALUES (1);
alice> stock: SELECT n FROM item WHERE id = 1;
alice> INSERT INTO story_a_trigger_enters_a_tenant.decision VALUES (1, 'enough');
-- main
UPDATE story_tenant_south.item SET n = 3;
-- check
stock: changed or undecided
-- promote
outcome: partial or held
-- main has
SELECT count(*) FROM decision
= 0

-- story: A transaction of which the log has only a part is held; one that is all in the log lands
-- base
CREATE UNLOGGED TABLE cache (id int PRIMARY KEY, v int);
CREATE TABLE item (id int PRIMARY KEY, v int);
CREATE TABLE doc (id int PRIMARY KEY, title text);
INSERT INTO item VALUES (1, 1), (2, 2), (3, 3);
CREATE TABLE noted (id int PRIMARY KEY);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO cache VALUES (new.id + 100, 0); RETURN new; END $$;
CREATE TRIGGER note AFTER INSERT ON noted FOR EACH ROW EXECUTE FUNCTION note();
-- branch
alice> BEGIN;
alice> INSERT INTO cache VALUES (1, 1);
alice> INSERT INTO item VALUES (10, 10);
alice> COMMIT;
bob> INSERT INTO cache VALUES (2, 2);
carol> INSERT INTO item VALUES (11, 11);
dan> INSERT INTO noted VALUES (1);
-- promote
outcome: partial
landed: 1
held: 2
-- main has
SELECT id FROM item WHERE id >= 10
= 11

-- story: A row that main refuses holds its unit and no other, whatever the reason
-- base
CREATE TABLE picky (id int PRIMARY KEY, v int);
CREATE FUNCTION fine(v int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF v > 10 THEN RAISE EXCEPTION 'too much'; END IF; RETURN true; END $$;
CREATE TABLE other (id int PRIMARY KEY, t text);
-- branch
alice> INSERT INTO picky VALUES (1, 20);
bob> INSERT INTO other VALUES (1, E'\x01hello');
-- main
ALTER TABLE picky ADD CHECK (fine(v));
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id, t = E'\x01hello' FROM other
= 1, t

-- story: What a transaction wrote behind its own words is seen by its later questions
-- base
CREATE TABLE visit (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, who text);
CREATE TABLE person (id int PRIMARY KEY, name text);
CREATE TABLE note (id int PRIMARY KEY, n int);
INSERT INTO person VALUES (1, 'ann'), (2, 'bob');
CREATE FUNCTION seen(who text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO visit (who) VALUES (who);
  RETURN who;
END $$;
CREATE VIEW people AS SELECT id, seen(name) AS name FROM person WHERE id = 1;
-- branch
alice> BEGIN;
alice> looked: SELECT name FROM people;
alice> visits: SELECT count(*) FROM visit;
alice> INSERT INTO note VALUES (1, 1);
alice> COMMIT;
-- main
INSERT INTO visit (who) VALUES ('cyd');
-- check
looked: holds
visits: changed 1 -> 2
-- promote
outcome: held

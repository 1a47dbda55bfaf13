-- story: Two sessions of a task call a function that writes
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE u (id serial PRIMARY KEY, slug text UNIQUE);
INSERT INTO u (slug) VALUES ('a');
CREATE FUNCTION slug(s text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE i int := 0; x text := s; BEGIN LOOP BEGIN INSERT INTO u (slug) VALUES (x); RETURN x; EXCEPTION WHEN unique_violation THEN i := i + 1; x := s || i; END; END LOOP; END $$;
CREATE FUNCTION add(s text) RETURNS text LANGUAGE sql AS $$ INSERT INTO u (slug) VALUES (s); SELECT s $$;
-- branch
bob> SET anabranch.task = 'b';
ann> SET anabranch.task = 'b';
bob> told: SELECT add('b');
ann> again: SELECT add('c');
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
-- promote
outcome: landed

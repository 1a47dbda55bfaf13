-- story: Checks, generated columns and domains find their helpers where the branch found them
-- base
CREATE FUNCTION bare(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN lower(t); END $$;
CREATE FUNCTION norm(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN bare(t); END $$;
CREATE DOMAIN word AS text CHECK (norm(VALUE) <> 'x');
CREATE TABLE checked (id int PRIMARY KEY, a text CHECK (norm(a) <> 'x'));
CREATE TABLE generated (id int PRIMARY KEY, a text, g text GENERATED ALWAYS AS (norm(a)) STORED);
CREATE TABLE of_domain (id int PRIMARY KEY, a word);
CREATE TABLE found (id int PRIMARY KEY, a text);
CREATE UNIQUE INDEX ON found (norm(a));
CREATE TABLE closed (year int PRIMARY KEY);
CREATE FUNCTION is_open(y int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN NOT EXISTS (SELECT FROM closed WHERE year = y); END $$;
CREATE TABLE entry (id int PRIMARY KEY, y int CHECK (is_open(y)));
INSERT INTO checked VALUES (9, 'I');
-- branch
alice> INSERT INTO checked VALUES (1, 'A');
alice> UPDATE checked SET a = 'J' WHERE id = 9;
bob> INSERT INTO generated VALUES (1, 'B');
carol> INSERT INTO of_domain VALUES (1, 'C');
dave> INSERT INTO found VALUES (1, 'D');
erin> INSERT INTO entry VALUES (1, 2026);
-- promote
outcome: landed
landed: 6
-- main has
SELECT a FROM checked ORDER BY id
= A
= J
-- main has
SELECT g FROM generated
= b
-- main has
SELECT count(*) FROM of_domain, found, entry
= 1

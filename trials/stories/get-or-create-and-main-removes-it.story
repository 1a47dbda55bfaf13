-- story: get or create; main removes it
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE tag (id serial PRIMARY KEY, name text UNIQUE);
INSERT INTO tag (name) VALUES ('z');
-- branch
bob> SET anabranch.task = 'b';
bob> told: WITH ins AS (INSERT INTO tag (name) VALUES ('a') ON CONFLICT DO NOTHING RETURNING id) SELECT id FROM ins UNION ALL SELECT id FROM tag WHERE name = 'a';
-- promote
outcome: landed
-- main
DELETE FROM tag WHERE name = 'a';
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held

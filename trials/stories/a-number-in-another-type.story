-- story: A number that main gave to another row is found in whatever type holds it
-- base
CREATE TABLE o (id serial PRIMARY KEY, c text);
CREATE TABLE nn (id int PRIMARY KEY, n numeric);
CREATE TYPE one AS (t text, id int);
CREATE TABLE cp (id int PRIMARY KEY, v one);
CREATE TABLE rg (id int PRIMARY KEY, v int4range);
CREATE DOMAIN order_id AS int;
CREATE TABLE dm (id int PRIMARY KEY, v order_id);
CREATE TABLE pr (id int PRIMARY KEY, v numeric(8,2));
INSERT INTO o (c) VALUES ('a');
-- branch
ann> SET anabranch.task = 'ann';
ann> INSERT INTO o (c) VALUES ('ann');
ann> INSERT INTO nn VALUES (1, currval('o_id_seq'));
bob> SET anabranch.task = 'bob';
bob> INSERT INTO o (c) VALUES ('bob');
bob> INSERT INTO cp VALUES (1, ROW('o', currval('o_id_seq'))::one);
cat> SET anabranch.task = 'cat';
cat> INSERT INTO o (c) VALUES ('cat');
cat> INSERT INTO rg VALUES (1, int4range(currval('o_id_seq')::int, currval('o_id_seq')::int, '[]'));
dan> SET anabranch.task = 'dan';
dan> INSERT INTO o (c) VALUES ('dan');
dan> INSERT INTO dm VALUES (1, currval('o_id_seq'));
eve> SET anabranch.task = 'eve';
eve> INSERT INTO o (c) VALUES ('eve');
eve> INSERT INTO pr VALUES (1, currval('o_id_seq') + 0.5);
-- main
INSERT INTO o (c) SELECT 'main' FROM generate_series(1, 90);
-- promote
outcome: partial
-- main has
SELECT (SELECT count(*) FROM nn), (SELECT count(*) FROM cp), (SELECT count(*) FROM rg), (SELECT count(*) FROM dm), (SELECT count(*) FROM pr)
= 0, 0, 0, 0, 1

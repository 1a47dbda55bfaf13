-- story: A number that a task drew and wrote down before it made the row names that row
-- base
CREATE TABLE o (id serial PRIMARY KEY, c text);
CREATE TABLE log (id int PRIMARY KEY, o int);
INSERT INTO o (c) SELECT 'a' FROM generate_series(1, 20);
-- branch
ann> SET anabranch.task = 'ann';
ann> SELECT nextval('o_id_seq');
ann> INSERT INTO log VALUES (1001, currval('o_id_seq'));
ann> INSERT INTO o (id, c) VALUES (currval('o_id_seq'), 'ann');
bob> SET anabranch.task = 'bob';
bob> INSERT INTO log VALUES (1002, 7);
-- main
INSERT INTO o (c) SELECT 'main' FROM generate_series(1, 90);
-- promote
outcome: partial
-- main has
SELECT string_agg(id::text, ',') FROM log
= 1002

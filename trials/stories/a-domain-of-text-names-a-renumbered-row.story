-- story: What names a renumbered row in a domain of text is held, and a price in a domain is a price
-- base
CREATE TABLE o (id serial PRIMARY KEY, c text);
CREATE DOMAIN words AS text;
CREATE DOMAIN price AS numeric(8,2);
CREATE TABLE d (id int PRIMARY KEY, w words, p price);
INSERT INTO o (c) SELECT 'a' FROM generate_series(1, 20);
-- branch
ann> SET anabranch.task = 'ann';
ann> INSERT INTO o (c) VALUES ('ann');
ann> INSERT INTO d VALUES (1001, 'top.' || currval('o_id_seq'), 1);
bob> SET anabranch.task = 'bob';
bob> INSERT INTO o (c) VALUES ('bob');
bob> INSERT INTO d VALUES (1002, 'see order ' || currval('o_id_seq') || '.', 1);
cat> SET anabranch.task = 'cat';
cat> INSERT INTO o (c) VALUES ('cat');
cat> INSERT INTO d VALUES (1003, 'nothing', currval('o_id_seq'));
-- main
INSERT INTO o (c) SELECT 'main' FROM generate_series(1, 90);
-- promote
outcome: partial
-- main has
SELECT string_agg(id::text, ',') FROM d
= 1003

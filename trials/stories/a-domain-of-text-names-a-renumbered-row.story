-- story: What names a renumbered row in a domain of text, or by one digit in a path, is held
-- base
CREATE TABLE o (id serial PRIMARY KEY, c text);
CREATE DOMAIN words AS text;
CREATE DOMAIN price AS numeric(8,2);
CREATE TABLE d (id int PRIMARY KEY, w words, p price);
CREATE TABLE job (id int PRIMARY KEY, arg text);
INSERT INTO o (c) VALUES ('first');
-- branch
ann> SET anabranch.task = 'ann';
ann> INSERT INTO o (c) VALUES ('ann');
ann> INSERT INTO job SELECT 1, 'gid://shop/Order/' || currval('o_id_seq');
ann> SELECT setval('o_id_seq', 30);
ann> INSERT INTO o (c) VALUES ('thirty-one');
bob> SET anabranch.task = 'bob';
bob> INSERT INTO d VALUES (101, 'top.31', 1);
cat> SET anabranch.task = 'cat';
cat> INSERT INTO d VALUES (102, 'see order 31.', 1);
dan> SET anabranch.task = 'dan';
dan> INSERT INTO d VALUES (103, 'nothing', 31.00);
-- main
INSERT INTO o (c) SELECT 'main' FROM generate_series(1, 90);
-- promote
outcome: partial
-- main has
SELECT (SELECT string_agg(id::text, ',') FROM d), (SELECT count(*) FROM job), (SELECT count(*) FROM o WHERE c IN ('ann', 'thirty-one'))
= 103, 0, 2

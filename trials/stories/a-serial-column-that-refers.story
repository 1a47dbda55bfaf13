-- story: A serial column may hold the number of another table's row
-- base
CREATE TABLE o (id serial PRIMARY KEY, c text);
CREATE TABLE line (o serial, n int, PRIMARY KEY (o, n));
INSERT INTO o (c) SELECT 'a' || g FROM generate_series(1, 20) g;
-- branch
ann> SET anabranch.task = 'ann';
ann> INSERT INTO o (c) VALUES ('ann');
ann> INSERT INTO line VALUES (currval('o_id_seq'), 1001);
-- main
INSERT INTO o (c) SELECT 'm' || g FROM generate_series(1, 90) g;
-- promote
outcome: partial
-- main has
SELECT count(*) FROM line
= 0

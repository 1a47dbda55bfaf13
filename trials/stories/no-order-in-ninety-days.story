-- story: An answer about the last ninety days is asked again, for time moves too
-- base
CREATE TABLE customer (id int PRIMARY KEY, name text, last_order timestamptz);
INSERT INTO customer VALUES (1, 'Ann', now() - interval '200 days'), (2, 'Ben', now() - interval '10 days');
-- branch
alice> lapsed: SELECT name FROM customer WHERE last_order < now() - interval '90 days' ORDER BY name;
-- main
INSERT INTO customer VALUES (3, 'Cas', now() - interval '300 days');
-- check
lapsed: changed Ann -> Ann; Cas

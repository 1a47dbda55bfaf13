-- story: A number that was counted is not one that was drawn, though another in the same text was
-- base
CREATE SEQUENCE s;
CREATE TABLE x (id int PRIMARY KEY);
CREATE TABLE r (code text PRIMARY KEY);
CREATE TABLE q (id serial PRIMARY KEY, n int);
INSERT INTO q (n) SELECT 1 FROM generate_series(1, 3);
-- branch
ann> SET anabranch.task = 'ann';
ann> INSERT /* ann */ INTO r SELECT 'T' || nextval('s') || '-' || count(*) FROM x;
bob> SET anabranch.task = 'bob';
bob> INSERT /* bob */ INTO q (n) SELECT count(*) + 3 FROM x;
-- main
INSERT INTO x VALUES (1);
-- check
ann: changed or undecided
bob: changed or undecided
-- promote
outcome: held

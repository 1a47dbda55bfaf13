-- story: What a function among given values reads is a premise, although no client sees it
-- base
CREATE TABLE rates (name text PRIMARY KEY, r int);
INSERT INTO rates VALUES ('vat', 19), ('tip', 10);
CREATE FUNCTION rate() RETURNS int STABLE LANGUAGE sql AS 'SELECT r FROM rates WHERE name = ''vat''';
CREATE FUNCTION tip() RETURNS int STABLE LANGUAGE sql AS 'SELECT r FROM rates WHERE name = ''tip''';
CREATE TABLE line (id int PRIMARY KEY, r int);
CREATE TABLE bill (id int PRIMARY KEY, r int DEFAULT rate());
-- branch
alice> INSERT INTO line VALUES (1, rate());
bob> INSERT INTO line VALUES (2, tip());
carol> vat: INSERT INTO line VALUES (3, rate()) RETURNING r;
dave> INSERT INTO bill (id) VALUES (1);
erin> given(4): INSERT INTO line VALUES (?::int, rate()) RETURNING r;
-- main
UPDATE rates SET r = 20 WHERE name = 'vat';
-- check
vat: changed 19 -> 20
given: changed 19 -> 20
-- promote
outcome: partial
landed: 1
held: 4
-- main has
SELECT id, r FROM line
= 2, 10
-- main has
SELECT count(*) FROM bill
= 0

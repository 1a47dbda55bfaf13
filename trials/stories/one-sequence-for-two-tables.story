-- story: Rows of two tables that share a number of one sequence do not come apart
-- base
CREATE SEQUENCE s;
CREATE TABLE person (id int PRIMARY KEY DEFAULT nextval('s'), name text);
CREATE TABLE profile (id int PRIMARY KEY DEFAULT nextval('s'), bio text);
INSERT INTO person (name) SELECT 'a' || g FROM generate_series(1, 20) g;
-- branch
ann> SET anabranch.task = 'ann';
ann> INSERT INTO person (name) VALUES ('ann');
ann> INSERT INTO profile VALUES (currval('s'), 'bio');
-- main
INSERT INTO person (name) SELECT 'm' || g FROM generate_series(1, 90) g;
-- promote
outcome: partial
-- main has
SELECT count(*) FROM profile p WHERE NOT EXISTS (SELECT FROM person q WHERE q.id = p.id AND q.name = 'ann')
= 0

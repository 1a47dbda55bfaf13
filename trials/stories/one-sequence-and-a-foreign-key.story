-- story: A row whose key names another one by a foreign key is called as that one is
-- base
CREATE SEQUENCE s;
CREATE TABLE person (id int PRIMARY KEY DEFAULT nextval('s'), name text);
CREATE TABLE profile (id int PRIMARY KEY DEFAULT nextval('s') REFERENCES person, bio text);
INSERT INTO person (name) SELECT 'a' || g FROM generate_series(1, 20) g;
-- branch
ann> SET anabranch.task = 'ann';
ann> INSERT INTO person (name) VALUES ('ann');
ann> INSERT INTO profile VALUES (currval('s'), 'bio');
-- main
INSERT INTO person (name) SELECT 'm' || g FROM generate_series(1, 90) g;
-- promote
outcome: landed
-- main has
SELECT q.name FROM profile p JOIN person q USING (id)
= ann

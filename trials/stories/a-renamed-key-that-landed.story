-- story: a parent renamed with its children, main adds a child of the new name, a function counts those of the new
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE p (id int PRIMARY KEY, n int);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE, q int);
INSERT INTO p VALUES (1, 1), (2, 2);
INSERT INTO c VALUES (1, 1, 5), (2, 2, 5);
CREATE FUNCTION g() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT count(*) FROM c $$;
CREATE FUNCTION h() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT count(*) FROM c JOIN p ON p.id = c.p WHERE c.p >= 10 $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT h();
ann> SET anabranch.task = 'a';
ann> UPDATE p SET id = 10 WHERE id = 1;
-- promote
outcome: landed
-- main
INSERT INTO c VALUES (3, 10, 500);
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held

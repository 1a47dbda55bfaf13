-- story: Main has a landed row refer to its own row of the number that the branch had drawn
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE p (id serial PRIMARY KEY, n text);
INSERT INTO p (n) VALUES ('a');
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, q int);
INSERT INTO c VALUES (1, 1, 5);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> INSERT INTO p (n) VALUES ('y');
bob> told: INSERT INTO c VALUES (2, currval('p_id_seq'), 5) RETURNING id, p;
bob> COMMIT;
-- main
INSERT INTO p (n) SELECT 'z' FROM generate_series(1, 60);
-- promote
outcome: landed
-- main
UPDATE c SET p = 34 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held

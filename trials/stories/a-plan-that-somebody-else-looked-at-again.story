-- story: Who approved a plan has seen main as it was then, also when somebody else looks at it again
-- base
CREATE TABLE p (id int PRIMARY KEY, n int NOT NULL);
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO p VALUES (1, 1), (2, 2);
-- branch
alice> about: SELECT sum(n) + (random() * 0.1)::int FROM p;
alice> INSERT INTO note VALUES (1, 'three');
-- main
UPDATE p SET n = 2 WHERE id = 1;
-- check
about: undecided
-- promote dry run accepting about
outcome: landed
-- main
UPDATE p SET n = 1000 WHERE id = 1;
-- promote dry run accepting about
outcome: landed
-- promote
plan: as shown before
outcome: refused
-- main has
SELECT count(*) FROM note
= 0
-- main
INSERT INTO other VALUES (1);
-- promote dry run accepting about
outcome: landed
-- promote
plan: as shown before
outcome: landed
-- main has
SELECT count(*) FROM note
= 1

-- story: A predicate inside WITH protects an answer as one outside does
-- base
CREATE TABLE node (id int PRIMARY KEY, parent int, name text);
INSERT INTO node VALUES (1, NULL, 'root'), (2, 1, 'a'), (3, 2, 'b'), (4, NULL, 'other');
-- branch
alice> with: WITH few AS (SELECT id, name FROM node WHERE id < 3) SELECT name FROM few ORDER BY id;
alice> tree: WITH RECURSIVE t AS (SELECT id FROM node WHERE id = 1 UNION ALL SELECT n.id FROM node n JOIN t ON n.parent = t.id) SELECT count(*) FROM t;
-- main
INSERT INTO node VALUES (5, 3, 'c');
-- check
with: holds
tree: changed 3 -> 4

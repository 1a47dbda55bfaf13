-- story: An INSERT that told its row, decided by hand, and a sibling statement of the same transaction told of another table
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE orders (id int PRIMARY KEY, who text);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> BEGIN;
alice> UPDATE t SET qty = 11 WHERE id = 1;
alice> ordered: INSERT INTO orders VALUES (5, 'ann') RETURNING id;
alice> COMMIT;
-- main
UPDATE t SET qty = 12 WHERE id = 1;
-- promote
decide: conflict t = main
outcome: landed
-- branch
alice> INSERT INTO note VALUES (1, 'ordered');
-- promote
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1

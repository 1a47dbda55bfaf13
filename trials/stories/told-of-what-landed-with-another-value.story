-- story: What a statement told was decided otherwise and landed, and work goes on
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> told: UPDATE t SET qty = 11 WHERE id = 1 RETURNING qty;
-- main
UPDATE t SET qty = 8 WHERE id = 1;
-- promote accepting told
decide: conflict t .qty = value 3
outcome: landed
-- main has
SELECT qty FROM t;
= 3
-- branch
alice> INSERT INTO note VALUES (1, 'eleven');
-- check
told: changed or undecided
-- promote
outcome: held

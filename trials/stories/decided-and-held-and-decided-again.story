-- story: A conflict was decided by hand while its unit is held for what was told; other work lands meanwhile
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE other (id int PRIMARY KEY);
-- branch
ann> SET anabranch.task = 'o';
ann> INSERT INTO other VALUES (1);
alice> SET anabranch.task = 'b';
alice> told: UPDATE t SET qty = 11 WHERE id = 1 RETURNING qty;
-- main
UPDATE t SET qty = 12 WHERE id = 1;
-- check
told: holds
-- promote
decide: conflict t = main
outcome: partial
-- check
told: holds
-- promote
decide: conflict t = branch
outcome: landed
-- main has
SELECT qty FROM t;
= 11

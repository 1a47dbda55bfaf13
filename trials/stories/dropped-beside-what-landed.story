-- story: A conflict decided for main and then for the branch, which landed as it was told
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE k (id int PRIMARY KEY, v int);
INSERT INTO k VALUES (1, 1);
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
ann> SET anabranch.task = 'o';
ann> INSERT INTO other VALUES (1);
alice> SET anabranch.task = 'b';
alice> told: UPDATE t SET qty = 11 WHERE id = 1 RETURNING qty;
-- main
UPDATE t SET qty = 12 WHERE id = 1;
-- promote
decide: conflict t = drop
outcome: partial or landed
-- promote
decide: conflict t = open
outcome: held or nothing
-- promote
decide: conflict t = branch
outcome: landed
-- branch
alice> SET anabranch.task = 'b';
alice> INSERT INTO note VALUES (1, 'eleven');
-- check
told: holds
-- promote
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1

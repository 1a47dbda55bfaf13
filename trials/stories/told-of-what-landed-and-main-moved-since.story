-- story: What a statement told was landed, main moves the row after that, and work goes on
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> told: UPDATE t SET qty = qty + 1 WHERE id = 1 RETURNING qty;
-- promote
outcome: landed
-- main
UPDATE t SET qty = 50 WHERE id = 1;
-- branch
alice> INSERT INTO note VALUES (1, 'eleven');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0

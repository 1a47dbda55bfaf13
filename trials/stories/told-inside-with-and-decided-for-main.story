-- story: A statement inside WITH told its client of a row that is decided for main
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> told: WITH u AS (UPDATE t SET qty = 11 WHERE id = 1 RETURNING qty) SELECT qty FROM u;
alice> INSERT INTO note VALUES (1, 'eleven');
-- main
UPDATE t SET qty = 12 WHERE id = 1;
-- promote
decide: conflict t = main
outcome: held or partial
-- main has
SELECT count(*) FROM note;
= 0

-- story: An UPDATE that found nothing in a transaction that landed, and main adds such a row since
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 1);
CREATE TABLE log (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* nought */ UPDATE t SET n = 5 WHERE id = 9;
bob> INSERT INTO log VALUES (1);
bob> COMMIT;
-- promote
outcome: landed
-- main
INSERT INTO t VALUES (9, 9);
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'there is no nine');
-- check
nought: changed or undecided
-- promote
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

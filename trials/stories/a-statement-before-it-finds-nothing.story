-- story: What was told in a transaction that would begin otherwise today does not hold
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE TABLE log (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, who text);
CREATE FUNCTION seen(who text) RETURNS text LANGUAGE plpgsql AS 'BEGIN INSERT INTO log (who) VALUES (who); RETURN who; END';
-- branch
alice> BEGIN;
alice> UPDATE t SET n = 50 WHERE n = 1;
alice> inside: SELECT seen('ann');
alice> ROLLBACK;
alice> BEGIN;
alice> UPDATE t SET n = 50 WHERE id = 2;
alice> unmoved: SELECT seen('ann');
alice> ROLLBACK;
-- main
UPDATE t SET n = 3 WHERE id = 1;
-- check
inside: undecided
unmoved: holds
-- promote
outcome: nothing

-- story: That an INSERT went through is an answer although its transaction was rolled back
-- base
CREATE TABLE done (evt text PRIMARY KEY);
CREATE TABLE note (id serial PRIMARY KEY, words text);
-- branch
alice> BEGIN;
alice> /* claim */ INSERT INTO done VALUES ('evt-1');
alice> ROLLBACK;
alice> INSERT INTO note (words) VALUES ('evt-1 is new');
-- main
INSERT INTO done VALUES ('evt-1');
-- check
claim: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note
= 0

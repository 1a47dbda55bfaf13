-- story: What an operator or a function of a known name writes is seen by the transaction's later questions
-- base
CREATE TABLE visit (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int);
CREATE TABLE person (id int PRIMARY KEY, n int);
CREATE TABLE note (id int PRIMARY KEY, n int);
INSERT INTO person VALUES (1, 7);
CREATE FUNCTION noticed(a int, b int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO story_writes_behind_an_operator.visit (n) VALUES (a); RETURN a = b; END $$;
CREATE OPERATOR === (FUNCTION = noticed, LEFTARG = int, RIGHTARG = int);
CREATE FUNCTION left(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO story_writes_behind_an_operator.visit (n) VALUES (a); RETURN a; END $$;
-- branch
alice> BEGIN;
alice> equal: SELECT id FROM person WHERE n === 7;
alice> operated: SELECT count(*) FROM visit;
alice> INSERT INTO note VALUES (1, 1);
alice> COMMIT;
bob> BEGIN;
bob> left: SELECT left(n) FROM person;
bob> called: SELECT count(*) FROM visit;
bob> INSERT INTO note VALUES (2, 2);
bob> COMMIT;
-- main
INSERT INTO visit (n) VALUES (1);
-- check
operated: changed 1 -> 2
called: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note
= 0

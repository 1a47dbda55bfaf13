-- story: a payment by a function; main pays it back
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE acc (id int PRIMARY KEY, bal int CHECK (bal >= 0));
INSERT INTO acc VALUES (1, 100), (2, 0), (3, 50);
CREATE PROCEDURE transfer(a int, b int, m int) LANGUAGE plpgsql AS $$ BEGIN UPDATE acc SET bal = bal - m WHERE id = a; UPDATE acc SET bal = bal + m WHERE id = b; END $$;
CREATE FUNCTION pay(a int, b int, m int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN CALL transfer(a, b, m); RETURN 'ok'; END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT pay(1, 2, 10);
-- promote
outcome: landed
-- main
UPDATE acc SET bal = 100 WHERE id = 1;
UPDATE acc SET bal = 0 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held

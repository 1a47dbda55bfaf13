-- story: What the branch's own version of a function of main's gave is not what main would give, moved or not
-- base
CREATE TABLE line (id int PRIMARY KEY, price int);
CREATE FUNCTION price() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 10; END $$;
-- branch
alice> CREATE OR REPLACE FUNCTION price() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 99; END $$;
alice> asked: SELECT price();
alice> INSERT INTO line VALUES (1, price());
bob> plain: INSERT INTO line VALUES (2, 5) RETURNING price;
-- check
asked: undecided
plain: holds
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id, price FROM line ORDER BY id;
= 2, 5

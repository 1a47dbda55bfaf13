-- story: A function of the user's saw seven, both sides had seven, and four are left
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, words text);
CREATE FUNCTION left_of(what text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT qty FROM stock WHERE sku = what); END $$;
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
alice> left: SELECT left_of('x');
alice> INSERT INTO note VALUES (1, 'seven left');
-- main
UPDATE stock SET qty = qty - 3;
-- check
left: changed or undecided
-- promote
outcome: partial
-- main has
SELECT qty, (SELECT words FROM note) FROM stock
= 4, NULL

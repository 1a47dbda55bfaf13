-- story: After a landing that combined, a function sees main's number by a sale of the branch's own
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
CREATE FUNCTION left_of(what text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT qty FROM stock WHERE sku = what); END $$;
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
-- main
UPDATE stock SET qty = qty - 2 WHERE sku = 'x';
-- promote
outcome: landed
-- branch
bob> UPDATE stock SET qty = qty - 2 WHERE sku = 'x';
bob> seen: SELECT left_of('x');
-- check
seen: changed or undecided

-- story: What is taken from a counter was read in an answer that is another by now, so the sale waits
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL);
CREATE TABLE wanted (id int PRIMARY KEY, n int);
INSERT INTO stock VALUES ('x', 10);
INSERT INTO wanted VALUES (1, 3);
-- rules
stock.qty = counter
-- branch
alice> amount: SELECT n FROM wanted WHERE id = 1;
alice> /* sale */ UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
bob> SET anabranch.task = 'bob';
bob> /* joined */ UPDATE stock SET qty = qty - n FROM wanted WHERE sku = 'x' AND id = 1;
carol> SET anabranch.task = 'carol';
carol> /* free */ UPDATE stock SET qty = qty - 1 WHERE sku = 'x';
-- main
UPDATE wanted SET n = 4 WHERE id = 1;
UPDATE stock SET qty = qty - 1 WHERE sku = 'x';
-- check
amount: changed
sale: holds
joined: changed or undecided
free: holds
-- promote
outcome: held
fact: answer amount
fact: answer joined
-- main has
SELECT qty FROM stock
= 9

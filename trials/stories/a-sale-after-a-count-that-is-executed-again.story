-- story: A sale after a count that is executed again lands after it, and takes from what was counted by then
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL);
CREATE TABLE counted (sku text PRIMARY KEY, n int);
INSERT INTO stock VALUES ('x', 10);
INSERT INTO counted VALUES ('x', 5);
-- rules
stock.qty = counter
-- branch
alice> /* count */ UPDATE stock SET qty = n FROM counted WHERE stock.sku = 'x' AND counted.sku = 'x';
bob> SET anabranch.task = 'bob';
bob> UPDATE stock SET qty = qty - 1 WHERE sku = 'x';
-- main
UPDATE counted SET n = 6;
-- promote
decide: answer count = rerun
outcome: partial
landed: 1
held: 1
-- main has
SELECT qty FROM stock
= 6
-- promote
outcome: landed
-- merged
qty counter 5 4 6 = 5
-- main has
SELECT qty FROM stock
= 5

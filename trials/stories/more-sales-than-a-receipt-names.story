-- story: What a receipt does not name is not taken back over what main has made of it
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
INSERT INTO stock SELECT n, 10 FROM generate_series(1, 10002) n;
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3;
-- promote
outcome: landed
-- main
UPDATE stock SET qty = qty + 3;
-- undo
outcome: held
-- main has
SELECT qty, count(*) FROM stock GROUP BY qty
= 10, 10002

-- story: A change that main took back cancels out
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock SELECT i, 10 FROM generate_series(1, 20) i;
-- branch
alice> sum: SELECT sum(qty) FROM stock;
alice> low: SELECT count(*) FROM stock WHERE qty < 5;
-- main
UPDATE stock SET qty = 3 WHERE id = 7;
DELETE FROM stock WHERE id = 9;
UPDATE stock SET qty = 10 WHERE id = 7;
INSERT INTO stock VALUES (9, 10);
-- check
sum: holds by net
low: holds

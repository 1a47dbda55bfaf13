-- story: NOT EXISTS turns when the missing row arrives
-- base
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, day date);
INSERT INTO customer VALUES (1, 'Ann'), (2, 'Ben'), (3, 'Cas');
INSERT INTO orders VALUES (1, 1, '2026-01-01');
-- branch
alice> idle: SELECT name FROM customer c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.day >= '2026-01-01') ORDER BY name;
alice> old: SELECT name FROM customer c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.day < '2020-01-01') ORDER BY name;
-- main
INSERT INTO orders VALUES (2, 2, '2026-02-02');
-- check
idle: changed Ben; Cas -> Cas
old: holds by predicate

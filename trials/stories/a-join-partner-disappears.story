-- story: Deleting the partner of a join changes the answer although the asked-about table is untouched
-- base
CREATE TABLE customer (id int PRIMARY KEY, city text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total int);
INSERT INTO customer VALUES (1, 'Bern'), (2, 'Rome'), (3, 'Bern');
INSERT INTO orders VALUES (1, 1, 10), (2, 2, 20), (3, 3, 30);
-- branch
alice> bern: SELECT o.id FROM orders o JOIN customer c ON c.id = o.customer_id WHERE c.city = 'Bern' ORDER BY o.id;
alice> rome: SELECT o.id FROM orders o JOIN customer c ON c.id = o.customer_id WHERE c.city = 'Rome';
-- main
DELETE FROM customer WHERE id = 3;
-- check
bern: changed 1; 3 -> 1
rome: holds by predicate

-- story: A row whose parent is held waits with it
-- base
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer, total int);
INSERT INTO customer VALUES (1, 'Ann');
-- branch
alice> many: SELECT count(*) FROM customer;
alice> INSERT INTO customer VALUES (10, 'Zoe');
bob> INSERT INTO orders VALUES (1, 10, 5);
carol> INSERT INTO orders VALUES (2, 1, 6);
-- main
INSERT INTO customer VALUES (2, 'Ben');
-- promote
outcome: partial
landed: 1
held: 2
fact: answer many
-- main has
SELECT id FROM orders ORDER BY id
= 2

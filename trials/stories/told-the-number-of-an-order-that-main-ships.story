-- story: An order whose number was told has landed; main ships it and changes the stock; work goes on
-- base
CREATE TABLE customers (id serial PRIMARY KEY, name text);
CREATE TABLE orders (id serial PRIMARY KEY, customer int REFERENCES customers, state text DEFAULT 'new');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> BEGIN;
alice> INSERT INTO customers (name) VALUES ('ann') RETURNING id;
alice> told: INSERT INTO orders (customer) SELECT max(id) FROM customers RETURNING id, customer;
alice> COMMIT;
-- main
INSERT INTO customers (name) VALUES ('bob');
DELETE FROM customers;
-- promote
outcome: landed
-- main
UPDATE orders SET state = 'shipped';
-- branch
alice> INSERT INTO note VALUES (5000, 'ordered');
-- promote
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1

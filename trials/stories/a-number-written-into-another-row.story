-- story: A number that the branch drew and wrote elsewhere still names the same row
-- base
CREATE TABLE orders (id serial PRIMARY KEY, customer text);
CREATE TABLE comment (id int PRIMARY KEY, kind text, ref int);
INSERT INTO orders (customer) VALUES ('Ann');
-- branch
alice> BEGIN;
alice> INSERT INTO orders (customer) VALUES ('Ben');
alice> INSERT INTO comment SELECT 1, 'order', currval('orders_id_seq');
alice> COMMIT;
-- main
INSERT INTO orders (customer) SELECT 'Cas' FROM generate_series(1, 60);
-- promote
outcome: landed or held
-- main has
SELECT count(*) FROM comment c WHERE NOT EXISTS (SELECT FROM orders o WHERE o.id = c.ref AND o.customer = 'Ben')
= 0

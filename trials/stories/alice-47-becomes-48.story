-- story: One new order moves a count from 47 to 48, and only that answer
-- base
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, status text NOT NULL, total numeric(10,2) NOT NULL);
INSERT INTO orders SELECT i, i % 10, CASE WHEN i <= 47 THEN 'open' ELSE 'done' END, i FROM generate_series(1, 200) i;
-- branch
alice> open: SELECT count(*) FROM orders WHERE status = 'open';
alice> done: SELECT count(*) FROM orders WHERE status = 'done';
alice> one: SELECT total FROM orders WHERE id = 5;
-- main
INSERT INTO orders VALUES (9001, 3, 'open', 12.50);
-- check
open: changed 47 -> 48
done: holds by predicate
one: holds by predicate

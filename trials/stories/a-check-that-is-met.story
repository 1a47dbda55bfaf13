-- story: A check of the user's own that is met lets the work land, and is told
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> UPDATE stock SET qty = qty - 4 WHERE id = 1;
-- promote dry run
with check: no-negative = SELECT id, qty FROM schema.stock WHERE qty < 0
outcome: landed
check: no-negative passed
-- promote
with check: no-negative = SELECT id, qty FROM schema.stock WHERE qty < 0;
with check: two-rows = SELECT count(*) FROM schema.stock HAVING count(*) <> 2
outcome: landed
check: no-negative passed
check: two-rows passed
-- main has
SELECT qty FROM stock ORDER BY id
= 6
= 20

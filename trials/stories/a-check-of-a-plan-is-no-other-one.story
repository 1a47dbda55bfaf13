-- story: A check of a plan can't be taken out by giving another one its name
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> UPDATE stock SET qty = -1 WHERE id = 1;
-- promote dry run
with check: no-negative = SELECT id FROM schema.stock WHERE qty < 0
outcome: refused
check: no-negative failed 1
-- promote
plan: as shown
with check: no-negative = SELECT 1 WHERE false
error: AB-651
-- promote dry run
with check: no-negative = SELECT 1 WHERE false
error: AB-651
-- promote
plan: as shown
outcome: refused
check: no-negative failed 1
-- promote
plan: as shown
with check: no-negative = SELECT 1 WHERE false
skip check: no-negative
outcome: landed
check: no-negative skipped
-- main has
SELECT qty FROM stock
= -1

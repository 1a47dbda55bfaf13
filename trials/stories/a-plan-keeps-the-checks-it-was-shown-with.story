-- story: A plan is held to the checks that it was shown with, also by who lands it without saying so
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
outcome: refused
check: no-negative failed 1
-- promote dry run
outcome: landed
-- promote
plan: as shown
outcome: refused
check: no-negative failed 1
-- promote
plan: as shown
skip check: another
error: AB-642
-- promote
plan: as shown
skip check: no-negative
outcome: landed
check: no-negative skipped
-- main has
SELECT qty FROM stock
= -1

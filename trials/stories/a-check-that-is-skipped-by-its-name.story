-- story: A check is left out only where it is named, and that is told
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> UPDATE stock SET qty = -1 WHERE id = 1;
-- promote
with check: no-negative = SELECT id FROM schema.stock WHERE qty < 0
skip check: no-negatives
error: AB-642
-- promote
with check: no-negative = SELECT id FROM schema.stock WHERE qty < 0
outcome: refused
check: no-negative failed 1
-- promote
with check: no-negative = SELECT id FROM schema.stock WHERE qty < 0
skip check: no-negative
outcome: landed
check: no-negative skipped
-- main has
SELECT qty FROM stock
= -1

-- story: A check may have a comment behind its semicolon, and no second statement
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> UPDATE stock SET qty = 11 WHERE id = 1;
-- promote dry run
with check: two = SELECT id FROM schema.stock WHERE qty < 0; /* end */ SELECT 1
error: AB-643
-- promote
with check: one = SELECT id FROM schema.stock WHERE qty < 0; /* the * end / of it */ -- no more
outcome: landed
check: one passed

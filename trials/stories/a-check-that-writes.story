-- story: A check with a mistake or a write in it is told, and nothing is written
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE seen (n int);
CREATE FUNCTION look() RETURNS int LANGUAGE plpgsql AS $$BEGIN INSERT INTO seen VALUES (1); RETURN 1; END$$;
INSERT INTO stock VALUES (1, 10);
-- branch
alice> UPDATE stock SET qty = 9 WHERE id = 1;
-- promote
with check: odd = SELEC 1
error: AB-643
-- promote dry run
with check: odd = DELETE FROM schema.stock
error: AB-643
-- promote
with check: odd = SELECT 1; DELETE FROM schema.stock
error: AB-643
-- promote
with check: odd = WITH gone AS (DELETE FROM schema.stock RETURNING id) SELECT id FROM gone
error: AB-643
-- promote
with check: odd = SELECT schema.look()
outcome: refused
check: odd error
-- main has
SELECT (SELECT count(*) FROM seen), (SELECT qty FROM stock)
= 0, 10
-- promote
outcome: landed

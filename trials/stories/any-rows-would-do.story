-- story: A limit without a total order is never called changed for showing other rows that would do as well
-- base
CREATE TABLE thing (id int PRIMARY KEY, kind int);
INSERT INTO thing SELECT i, i % 2 FROM generate_series(1, 20) i;
-- branch
alice> any: SELECT id FROM thing WHERE kind = 1 LIMIT 2;
-- main
INSERT INTO thing VALUES (21, 1);
DELETE FROM thing WHERE id = 1;
-- check
any: undecided or changed

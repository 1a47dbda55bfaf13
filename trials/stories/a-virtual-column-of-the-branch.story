-- story: A virtual generated column that the branch added leaves its table writable, and the work held
-- base
CREATE TABLE price (id int PRIMARY KEY, net int NOT NULL);
INSERT INTO price (id, net) VALUES (1, 10), (2, 20);
-- branch
alice> all: SELECT sum(net) FROM price;
bob> ALTER TABLE price ADD COLUMN gross int GENERATED ALWAYS AS (net * 2);
bob> /* raised */ UPDATE price SET net = 15 WHERE id = 1;
bob> /* removed */ DELETE FROM price WHERE id = 2;
carol> own: SELECT sum(gross) FROM price;
-- main
UPDATE price SET net = 11 WHERE id = 1;
-- check
all: changed 30 -> 31
own: undecided
-- promote
outcome: held
fact: answer raised
fact: answer removed
fact: constraint
-- promote accepting raised, removed
outcome: held
fact: constraint
-- main has
SELECT id, net FROM price ORDER BY id
= 1, 11
= 2, 20

-- story: Of three branches the best is that with the highest score on main as it is now
-- base
CREATE TABLE price (id int PRIMARY KEY, amount int NOT NULL);
INSERT INTO price VALUES (1, 10), (2, 20), (3, 30);
-- branch
alice> UPDATE price SET amount = 15 WHERE id = 1;
-- sibling b
bob> UPDATE price SET amount = 35 WHERE id = 2;
-- sibling c
carl> UPDATE price SET amount = 1 WHERE id = 3;
-- main
INSERT INTO price VALUES (4, 100);
-- compare
score: SELECT sum(amount) FROM schema.price
best: b
= b 175
= it 165
= c 131
-- main has
SELECT sum(amount) FROM price
= 160

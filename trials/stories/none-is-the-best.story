-- story: Of two branches that come to the same none is the best
-- base
CREATE TABLE price (id int PRIMARY KEY, amount int NOT NULL);
INSERT INTO price VALUES (1, 10), (2, 20);
-- branch
alice> UPDATE price SET amount = 15 WHERE id = 1;
-- sibling b
bob> UPDATE price SET amount = 25 WHERE id = 2;
-- compare
score: SELECT sum(amount) FROM schema.price
best: none
= it 35
= b 35

-- story: What a branch holds back is not in its score, and that is told
-- base
CREATE TABLE price (id int PRIMARY KEY, amount int NOT NULL);
INSERT INTO price VALUES (1, 10), (2, 20);
-- branch
alice> UPDATE price SET amount = 500 WHERE id = 1;
ann> UPDATE price SET amount = 21 WHERE id = 2;
-- sibling b
bob> UPDATE price SET amount = 30 WHERE id = 2;
-- main
UPDATE price SET amount = 11 WHERE id = 1;
-- compare
score: SELECT sum(amount) FROM schema.price
best: b
= b 41
= it 32 held 1

-- story: A branch that comes to no number is behind all that come to one
-- base
CREATE TABLE price (id int PRIMARY KEY, amount int);
INSERT INTO price VALUES (1, 10);
-- branch
alice> UPDATE price SET amount = NULL WHERE id = 1;
-- sibling b
bob> UPDATE price SET amount = -5 WHERE id = 1;
-- compare
score: SELECT sum(amount) FROM schema.price
best: b
= b -5
= it none

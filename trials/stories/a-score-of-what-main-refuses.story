-- story: What main would refuse is in no score
-- base
CREATE TABLE price (id int PRIMARY KEY, amount int UNIQUE);
INSERT INTO price VALUES (1, 10);
-- branch
alice> INSERT INTO price VALUES (2, 90);
ann> INSERT INTO price VALUES (3, 7);
-- sibling b
bob> INSERT INTO price VALUES (4, 50);
-- main
INSERT INTO price VALUES (9, 90);
-- compare
score: SELECT sum(amount) FROM schema.price
best: b
= b 150
= it 107 held 1
-- promote
outcome: partial
landed: 1

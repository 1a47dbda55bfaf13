-- story: A statement told of its own row and of a price; it landed, and main moves the price
-- base
CREATE TABLE price (id int PRIMARY KEY, amount int);
CREATE TABLE cart (id int PRIMARY KEY, item int, due int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO price VALUES (7, 5);
INSERT INTO cart VALUES (1, 7, 0);
-- branch
alice> told: UPDATE cart SET due = 1 FROM price WHERE price.id = cart.item AND cart.id = 1 RETURNING price.amount;
-- promote
outcome: landed
-- main
UPDATE price SET amount = 6;
-- branch
alice> INSERT INTO note VALUES (1, 'five');
-- check
told: changed or undecided
-- promote
outcome: held

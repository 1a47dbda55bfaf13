-- story: Work for a table that main has replaced by another of its name does not land in the retired one
-- base
CREATE TABLE price (id int PRIMARY KEY, amount int);
CREATE TABLE price_next (id int PRIMARY KEY, amount int);
INSERT INTO price VALUES (1, 1);
INSERT INTO price_next VALUES (1, 1);
-- branch
alice> UPDATE price SET amount = 2 WHERE id = 1;
-- main
ALTER TABLE price RENAME TO price_retired;
ALTER TABLE price_next RENAME TO price;
-- promote
outcome: held
-- main has
SELECT amount FROM price_retired
= 1

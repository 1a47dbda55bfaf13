-- story: 1.0 and 1.00 are the same number
-- base
CREATE TABLE price (id int PRIMARY KEY, amount numeric);
INSERT INTO price VALUES (1, 1.0), (2, 2.5);
-- branch
alice> equal: SELECT count(*) FROM price WHERE amount = 1;
alice> shown: SELECT amount FROM price WHERE id = 1;
-- main
UPDATE price SET amount = 1.00 WHERE id = 1;
-- check
equal: holds
shown: holds

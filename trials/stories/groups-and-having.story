-- story: A group crosses the bound of HAVING
-- base
CREATE TABLE sale (id int PRIMARY KEY, shop text, amount int);
INSERT INTO sale VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 5), (4, 'c', 100);
-- branch
alice> big: SELECT shop, sum(amount) FROM sale GROUP BY shop HAVING sum(amount) > 25 ORDER BY shop;
alice> shop-c: SELECT shop, sum(amount) FROM sale WHERE shop = 'c' GROUP BY shop;
-- main
INSERT INTO sale VALUES (5, 'b', 50);
-- check
big: changed a, 30; c, 100 -> a, 30; b, 55; c, 100
shop-c: holds by predicate

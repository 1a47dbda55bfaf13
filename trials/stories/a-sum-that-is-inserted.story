-- story: What an INSERT computes of its query's rows does not make it read others
-- base
CREATE TABLE stock (id int PRIMARY KEY, price int NOT NULL, qty int NOT NULL);
CREATE TABLE noted (id int PRIMARY KEY, was int);
INSERT INTO stock SELECT i, 100 * i, i FROM generate_series(1, 20) i;
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE stock SET price = price + 1 WHERE id BETWEEN 1 AND 2;
alice> /* computed */ INSERT INTO noted SELECT id, price - 1 FROM stock WHERE id BETWEEN 1 AND 2;
bob> SET anabranch.task = 'b';
bob> /* divides */ INSERT INTO noted SELECT id, price FROM stock WHERE id = 3 AND 600 / qty > 1;
carol> SET anabranch.task = 'c';
carol> /* inside */ INSERT INTO noted SELECT id, p FROM (SELECT id, 600 / qty AS p FROM stock) s WHERE p = 150;
dave> SET anabranch.task = 'd';
dave> /* touched */ INSERT INTO noted SELECT id, price - 1 FROM stock WHERE id BETWEEN 5 AND 6;
eve> SET anabranch.task = 'e';
eve> /* overflows */ INSERT INTO noted SELECT id, price * 2 FROM stock WHERE id BETWEEN 7 AND 8;
-- main
UPDATE stock SET price = price + 5 WHERE id = 20;
UPDATE stock SET price = price + 5 WHERE id = 6;
UPDATE stock SET price = 2000000000 WHERE id = 7;
-- check
computed: holds by predicate
divides: holds by rerun
inside: holds by columns
touched: changed by rerun
overflows: changed or undecided
-- main
UPDATE stock SET qty = 0 WHERE id = 20;
-- check
computed: holds
divides: holds or changed or undecided
inside: changed or undecided
-- promote
outcome: partial
-- main has
SELECT id, was FROM noted WHERE id < 3 ORDER BY id
= 1, 100
= 2, 200

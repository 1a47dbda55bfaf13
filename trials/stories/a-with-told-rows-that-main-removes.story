-- story: WITH INSERT .. INSERT RETURNING; main removes the order
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE ord (id serial PRIMARY KEY, who text);
CREATE TABLE line (id serial PRIMARY KEY, ord int REFERENCES ord, sku text);
INSERT INTO ord (who) VALUES ('z');
-- branch
bob> SET anabranch.task = 'b';
bob> told: WITH o AS (INSERT INTO ord (who) VALUES ('ann') RETURNING id) INSERT INTO line (ord, sku) SELECT id, 'x' FROM o RETURNING ord;
-- promote
outcome: landed
-- main
DELETE FROM line WHERE sku = 'x';
DELETE FROM ord WHERE who = 'ann';
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held

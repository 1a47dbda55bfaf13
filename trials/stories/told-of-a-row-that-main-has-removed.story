-- story: An order whose number was told has landed; main deletes it; work goes on
-- base
CREATE TABLE orders (id serial PRIMARY KEY, state text DEFAULT 'new');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> told: INSERT INTO orders DEFAULT VALUES RETURNING id;
-- promote
outcome: landed
-- main
DELETE FROM orders;
-- branch
alice> INSERT INTO note VALUES (1, 'ordered');
-- check
told: changed or undecided
-- promote
outcome: held

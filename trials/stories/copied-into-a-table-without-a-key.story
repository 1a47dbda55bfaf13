-- story: What is only written to is not read, whether main's changes to it are known or not
-- base
CREATE TABLE customer (id int PRIMARY KEY, name text);
INSERT INTO customer VALUES (1, 'Ada'), (2, 'Bea');
CREATE TABLE history (words text);
CREATE TABLE other (id int PRIMARY KEY);
-- branch
alice> INSERT INTO history SELECT name FROM customer WHERE id = 1;
alice> WITH gone AS (DELETE FROM customer WHERE id = 2 RETURNING name) INSERT INTO history SELECT name FROM gone;
-- main
INSERT INTO other VALUES (1);
-- promote
outcome: landed
landed: 2
-- main has
SELECT words FROM history ORDER BY words;
= Ada
= Bea

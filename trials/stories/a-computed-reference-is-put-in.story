-- story: ordinary: an order line with a generated foreign key is put in
-- base
CREATE TABLE q (id int PRIMARY KEY);
INSERT INTO q VALUES (1), (2);
CREATE TABLE c (id int PRIMARY KEY, e int, g int GENERATED ALWAYS AS (e) STORED REFERENCES q);
-- branch
bob> INSERT INTO c VALUES (1, 1);
-- promote
outcome: landed

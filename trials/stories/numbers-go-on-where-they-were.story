-- story: After a promotion production's own next numbers are free, whatever column they are for
-- base
CREATE SEQUENCE invoice_no;
CREATE TABLE invoice (id int PRIMARY KEY, no int UNIQUE DEFAULT nextval('invoice_no'));
CREATE SEQUENCE letter_no;
CREATE TABLE letter (no text PRIMARY KEY DEFAULT 'L-' || nextval('letter_no'), body text);
CREATE TABLE plain (id serial PRIMARY KEY, body text);
INSERT INTO plain (body) VALUES ('a');
-- branch
alice> INSERT INTO invoice (id) VALUES (100);
bob> INSERT INTO letter (body) VALUES ('from the branch');
carol> INSERT INTO plain (body) VALUES ('from the branch');
-- promote
outcome: landed or partial
-- main
INSERT INTO invoice (id) SELECT i FROM generate_series(1, 40) i;
INSERT INTO letter (body) SELECT 'main' FROM generate_series(1, 40);
INSERT INTO plain (body) SELECT 'main' FROM generate_series(1, 40);
-- main has
SELECT count(*) FROM invoice WHERE id < 100
= 40

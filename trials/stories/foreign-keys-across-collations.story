-- story: A reference may be written in another collation or another type of text than its row
-- base
CREATE TABLE country (code text COLLATE "C" PRIMARY KEY);
CREATE TABLE city (id int PRIMARY KEY, country text COLLATE "POSIX" REFERENCES country);
CREATE TABLE shelf (code char(5) PRIMARY KEY);
CREATE TABLE box (id int PRIMARY KEY, shelf text REFERENCES shelf);
INSERT INTO country VALUES ('at'), ('de');
INSERT INTO shelf VALUES ('ab');
-- branch
alice> INSERT INTO city VALUES (2, 'de');
bob> INSERT INTO box VALUES (1, 'ab   ');
-- promote
outcome: landed
landed: 2
-- main has
SELECT (SELECT count(*) FROM city), (SELECT count(*) FROM box)
= 1, 1

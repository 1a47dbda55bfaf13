-- story: Rows made from a query wait when the query gives others now
-- base
CREATE TABLE source (id int PRIMARY KEY, v int);
CREATE TABLE other (id int PRIMARY KEY, v int);
CREATE TABLE made (id int PRIMARY KEY, n bigint);
INSERT INTO source VALUES (1, 1);
INSERT INTO other VALUES (1, 1);
-- branch
alice> INSERT INTO made SELECT 1, count(*) FROM source;
bob> INSERT INTO made SELECT 2, count(*) FROM other;
carol> DELETE FROM other WHERE NOT EXISTS (SELECT FROM source WHERE source.id = other.id + 1);
-- main
INSERT INTO source VALUES (2, 2);
-- promote
outcome: partial
landed: 1
held: 2
-- main has
SELECT id, n FROM made
= 2, 1

-- story: Whoever saw a row on the branch that lands otherwise, executed again, waits until that is accepted
-- base
CREATE TABLE price (sku text PRIMARY KEY, p int NOT NULL);
CREATE TABLE bill (id int PRIMARY KEY, total int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, words text NOT NULL);
INSERT INTO price VALUES ('a', 10);
-- branch
alice> SET anabranch.task = 'bill';
alice> INSERT /* billed */ INTO bill SELECT 1, p * 2 FROM price WHERE sku = 'a';
bob> SET anabranch.task = 'note';
bob> seen: SELECT total FROM bill WHERE id = 1;
bob> INSERT INTO note VALUES (1, 'twenty');
-- main
UPDATE price SET p = 30 WHERE sku = 'a';
-- promote
decide: answer billed = rerun
outcome: partial
landed: 1
held: 1
fact: answer seen
-- main has
SELECT total, (SELECT count(*) FROM note) FROM bill
= 60, 0

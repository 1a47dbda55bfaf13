-- story: A row that went to an archive, where main has put the same one
-- base
CREATE TABLE live (id int PRIMARY KEY, v text);
CREATE TABLE old (id int PRIMARY KEY, v text);
INSERT INTO live VALUES (1, 'x');
-- branch
alice> BEGIN;
alice> DELETE FROM live WHERE id = 1;
alice> INSERT /* ins */ INTO old VALUES (1, 'x');
alice> COMMIT;
-- main
BEGIN;
UPDATE live SET v = v;
INSERT INTO old VALUES (1, 'x');
COMMIT;
-- promote
decide: answer ins = accept
outcome: held or nothing
-- promote
decide: conflict old = branch
outcome: landed
-- main has
SELECT (SELECT count(*) FROM live), (SELECT count(*) FROM old);
= 0, 1

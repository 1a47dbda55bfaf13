-- story: The branch's row is laid over main column by column, whatever their places are
-- base
CREATE TABLE h (id int PRIMARY KEY, a text, b text, c text);
INSERT INTO h VALUES (1, 'o', 'p', 'x');
-- branch
alice> INSERT INTO h VALUES (2, 'old', 'p', 'q');
alice> q: SELECT count(*) FROM h WHERE c = 'p';
alice> rows: SELECT b, c FROM h WHERE id = 2;
-- main
ALTER TABLE h DROP a;
ALTER TABLE h ADD d text;
UPDATE h SET c = 'p' WHERE id = 1;
-- check
q: changed or undecided
rows: holds or undecided

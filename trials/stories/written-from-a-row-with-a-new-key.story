-- story: What a statement wrote of a row under its new key, where main changed that row
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO stock VALUES (3, 10);
-- branch
alice> SET anabranch.task = 'key';
alice> UPDATE stock SET id = 13 WHERE id = 3;
bob> SET anabranch.task = 'look';
bob> wrote: INSERT INTO note SELECT 1, 'left ' || qty FROM stock WHERE id = 13 RETURNING line;
carol> SET anabranch.task = 'low';
carol> UPDATE stock SET qty = qty + 1 WHERE id = 13 AND qty = 10;
-- main
UPDATE stock SET qty = 8;
-- check
wrote: changed or undecided
-- promote
outcome: partial or held
-- main has
SELECT count(*) FROM note;
= 0

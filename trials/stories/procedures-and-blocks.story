-- story: What a block or a procedure read holds its work when it has changed
-- base
CREATE TABLE sale (id int PRIMARY KEY, n int);
CREATE TABLE report (id int PRIMARY KEY, n int);
INSERT INTO sale VALUES (1, 1), (2, 2), (3, 3);
CREATE PROCEDURE tell(which int) LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO report SELECT which, n FROM sale WHERE id = which;
END $$;
-- branch
alice> /* block */ DO $$ BEGIN INSERT INTO report SELECT 1, n FROM sale WHERE id = 1; END $$;
bob> SET anabranch.task = 'b';
bob> /* called */ CALL tell(2);
carol> SET anabranch.task = 'c';
carol> /* third */ CALL tell(3);
-- main
UPDATE sale SET n = 9 WHERE id IN (1, 2);
-- check
block: changed
called: changed
third: holds by rerun
-- promote
outcome: partial
landed: 1
held: 2
-- main has
SELECT id, n FROM report
= 3, 3

-- story: A function that catches a refusal told of a row that another unit had put in the way
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'x');
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE FUNCTION claim(i int, v text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO p VALUES (i, v);
  RETURN 'mine';
EXCEPTION WHEN unique_violation THEN
  RETURN 'taken';
END $$;
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE p SET e = 'q' WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> told: SELECT claim(2, 'q');
bob> INSERT INTO note VALUES (1, 'q is taken');
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

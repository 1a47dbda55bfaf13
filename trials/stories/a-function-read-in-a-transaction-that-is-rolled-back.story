-- story: A function that only reads, in a transaction that an ORM rolls back at its end, ties nothing else
-- base
CREATE TABLE price (id int PRIMARY KEY, n int);
INSERT INTO price VALUES (1, 5);
CREATE TABLE other (id int PRIMARY KEY, n int);
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE FUNCTION price_of(i int) RETURNS int STABLE LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT n FROM price WHERE id = i); END $$;
-- branch
alice> SET anabranch.task = 'a';
alice> INSERT INTO other VALUES (1, 1);
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> SELECT price_of(1);
bob> ROLLBACK;
bob> INSERT INTO note VALUES (1, 'five');
-- main
INSERT INTO price VALUES (2, 7);
-- promote
decide: task a = drop
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1

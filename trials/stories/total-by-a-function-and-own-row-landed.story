-- story: a STABLE function told a total, then an insert of its own, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE line (id int PRIMARY KEY, ord int, n int);
INSERT INTO line VALUES (1, 1, 5);
CREATE FUNCTION total(o int) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT sum(n) FROM line WHERE ord = o $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT total(1);
bob> INSERT INTO line VALUES (2, 1, 7);
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed
-- promote
outcome: landed

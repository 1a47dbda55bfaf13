-- story: CHECK by a function of one's own: saved twice; quiet
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE FUNCTION ok(i int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN i < 9; END $$;
CREATE TABLE c (id int PRIMARY KEY, v int CHECK (ok(v)));
INSERT INTO c VALUES (5, 1);
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE c SET v = v + 1 WHERE id = 5 RETURNING v;
bob> /* again */ UPDATE c SET v = v + 1 WHERE id = 5 AND v = 2 RETURNING v;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed

-- story: a procedure looks, then its transaction puts in what it looked for; quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE stock (id int PRIMARY KEY, qty int);
INSERT INTO stock VALUES (1, 10), (2, 20);
CREATE PROCEDURE must_have(i int, q int) LANGUAGE plpgsql AS $$ BEGIN IF (SELECT qty FROM stock WHERE id = i) < q THEN RAISE EXCEPTION 'too few'; END IF; END $$;
CREATE FUNCTION have(i int) RETURNS int LANGUAGE sql STABLE AS $$ SELECT qty FROM stock WHERE id = i $$;
CREATE TABLE m (id int PRIMARY KEY, e text);
CREATE PROCEDURE must_be_free(x text) LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT FROM m WHERE e = x) THEN RAISE EXCEPTION 'taken'; END IF; END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* told */ CALL must_be_free('a');
bob> INSERT INTO m VALUES (1, 'a');
bob> COMMIT;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
-- promote
outcome: landed

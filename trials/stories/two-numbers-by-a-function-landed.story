-- story: two invoices numbered max + 1 by a function, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE inv (no int PRIMARY KEY, who text);
INSERT INTO inv VALUES (10, 'z');
CREATE FUNCTION invoice(w text) RETURNS int LANGUAGE sql AS $$ INSERT INTO inv SELECT max(no) + 1, w FROM inv RETURNING no $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT invoice('a');
bob> again: SELECT invoice('b');
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed
again: holds or changed
-- promote
outcome: landed

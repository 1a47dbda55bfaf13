-- story: ON CONFLICT DO NOTHING that did nothing in a transaction that landed, and main removes the row since
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'x');
CREATE TABLE log (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* nought */ INSERT INTO p VALUES (2, 'x') ON CONFLICT DO NOTHING;
bob> INSERT INTO log VALUES (1);
bob> COMMIT;
-- promote
outcome: landed
-- main
DELETE FROM p WHERE id = 1;
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'x is taken');
-- check
nought: changed or undecided
-- promote
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0

-- story: Constraints that are only put off read nothing, and leave what is written beside them as it is
-- base
CREATE TABLE d (id int PRIMARY KEY, up int REFERENCES d DEFERRABLE);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> BEGIN;
alice> /* off */ SET CONSTRAINTS ALL DEFERRED;
alice> SET LOCAL search_path = public, pg_catalog;
alice> COMMIT;
alice> BEGIN;
alice> /* again */ SET CONSTRAINTS ALL DEFERRED;
alice> /* child */ INSERT INTO d VALUES (2, 1);
alice> /* parent */ INSERT INTO d VALUES (1, NULL);
alice> COMMIT;
-- main
INSERT INTO d VALUES (9, NULL);
-- check
off: holds
again: holds
child: holds
parent: holds
-- promote
outcome: landed
-- main has
SELECT id FROM d ORDER BY id;
= 1
= 2
= 9

-- story: UPDATE 0, then INSERT (an upsert by hand, two transactions), quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE s (k text PRIMARY KEY, v text);
INSERT INTO s VALUES ('z', '1');
-- branch
bob> SET anabranch.task = 'b';
bob> /* told */ UPDATE s SET v = '2' WHERE k = 'a';
bob> INSERT INTO s VALUES ('a', '2');
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed or undecided
-- promote
outcome: landed

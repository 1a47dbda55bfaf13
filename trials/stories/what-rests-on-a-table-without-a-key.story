-- story: What rests on a table without a key lands while main leaves the table alone
-- base
CREATE TABLE note (line text);
INSERT INTO note VALUES ('a'), ('b');
CREATE VIEW notes AS SELECT count(*) AS n FROM note;
CREATE FUNCTION counted() RETURNS bigint LANGUAGE plpgsql AS $$BEGIN RETURN (SELECT n FROM notes); END$$;
CREATE TABLE done (n int PRIMARY KEY, lines bigint);
CREATE TABLE other (id int PRIMARY KEY, v int);
INSERT INTO other VALUES (1, 1);
-- branch
alice> lines: SELECT count(*) FROM note;
alice> INSERT INTO done VALUES (1, 2);
bob> INSERT INTO done SELECT 2, count(*) FROM note WHERE line <> 'z';
carol> called: SELECT counted();
carol> INSERT INTO done VALUES (3, 2);
dora> INSERT INTO note VALUES ('from dora');
dora> own: SELECT count(*) FROM note;
dora> INSERT INTO done VALUES (4, 3);
-- main
UPDATE other SET v = 2;
-- check
lines: holds
called: holds
own: holds
-- promote
outcome: landed
facts: none
-- main has
SELECT n, lines FROM done ORDER BY n
= 1, 2
= 2, 2
= 3, 2
= 4, 3
-- branch
eve> again: SELECT line FROM note WHERE line = 'a';
eve> INSERT INTO done VALUES (5, 1);
-- main
UPDATE note SET line = 'changed' WHERE line = 'a';
-- promote
outcome: held
fact: answer again
-- main has
SELECT count(*) FROM done
= 4

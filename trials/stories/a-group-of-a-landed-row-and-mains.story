-- story: A write reads a group, of which one row has landed and main has put in the other
-- base
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (1, 1), (2, 2);
-- branch
ann> SET anabranch.task = 'a';
ann> dup: INSERT INTO note SELECT 1, 'twice' WHERE EXISTS (SELECT FROM t GROUP BY n HAVING count(*) > 1) RETURNING id;
ann> INSERT INTO note VALUES (2, 'looked');
bob> SET anabranch.task = 'b';
bob> INSERT INTO t VALUES (5, 5);
-- promote
outcome: landed
-- branch
ann> SET anabranch.task = 'a';
ann> INSERT INTO note VALUES (3, 'more');
-- main
INSERT INTO t VALUES (6, 5);
-- check
dup: changed
-- promote
outcome: held

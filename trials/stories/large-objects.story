-- story: A transaction that writes a large object is held, and its session's other work lands
-- base
CREATE TABLE doc (id int PRIMARY KEY, content oid);
CREATE TABLE item (id int PRIMARY KEY, v int);
INSERT INTO item VALUES (1, 1), (2, 2);
-- branch
alice> INSERT INTO doc VALUES (1, lo_from_bytea(0, '\x00ff'));
bob> BEGIN;
bob> SELECT lo_put(lo_create(4711), 0, '\xcafe');
bob> INSERT INTO doc VALUES (2, 4711);
bob> COMMIT;
carol> one: SELECT v FROM item WHERE id = 1;
carol> INSERT INTO item VALUES (3, 3);
-- main
UPDATE item SET v = 20 WHERE id = 2;
-- check
one: holds
-- promote
outcome: partial
landed: 1
held: 2
-- main has
SELECT count(*) FROM doc
= 0

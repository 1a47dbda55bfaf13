-- story: A counter that is told twice and lands twice is nobody's change but the branch's own
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> one: UPDATE t SET qty = qty + 1 WHERE id = 1 RETURNING qty;
alice> two: UPDATE t SET qty = qty + 1 WHERE id = 1 RETURNING qty;
-- promote
outcome: landed
-- branch
alice> INSERT INTO note VALUES (1, 'twelve');
-- check
one: holds
two: holds
-- promote
outcome: landed

-- story: What a statement did was landed and undone, and work goes on
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> /* made */ INSERT INTO t VALUES (5, 50);
-- promote
outcome: landed
-- undo
outcome: landed
-- branch
alice> INSERT INTO note VALUES (1, 'five is there');
-- check
made: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0

-- story: A parameter's value bounds what an answer depends on
-- base
CREATE TABLE t (id int PRIMARY KEY, kind text, n int);
INSERT INTO t SELECT i, CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END, i FROM generate_series(1, 20) i;
-- branch
alice> even(even): SELECT count(*) FROM t WHERE kind = ?;
alice> odd(odd): SELECT count(*) FROM t WHERE kind = ?;
alice> range(3, 5): SELECT count(*) FROM t WHERE n BETWEEN ? AND ?;
bob-simple> plain(odd): SELECT count(*) FROM t WHERE kind = ?;
-- main
INSERT INTO t VALUES (21, 'odd', 21);
-- check
even: holds by predicate
odd: changed 10 -> 11
range: holds by predicate
plain: changed 10 -> 11

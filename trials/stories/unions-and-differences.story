-- story: A set operation is judged branch by branch
-- base
CREATE TABLE here (id int PRIMARY KEY, n int);
CREATE TABLE there (id int PRIMARY KEY, n int);
INSERT INTO here VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO there VALUES (1, 3), (2, 4);
-- branch
alice> union: SELECT n FROM here UNION SELECT n FROM there ORDER BY n;
alice> except: SELECT n FROM here EXCEPT SELECT n FROM there ORDER BY n;
alice> small: SELECT n FROM here WHERE n < 2 UNION ALL SELECT n FROM there WHERE n < 2;
-- main
INSERT INTO there VALUES (3, 2);
-- check
union: holds by rerun
except: changed 1; 2 -> 1
small: holds by predicate

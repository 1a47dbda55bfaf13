-- story: A new match on the null side of an outer join replaces the row of nulls
-- base
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a_id int, kind text);
INSERT INTO a VALUES (1), (2);
INSERT INTO b VALUES (1, 1, 'x');
-- branch
alice> left: SELECT a.id, b.id FROM a LEFT JOIN b ON b.a_id = a.id AND b.kind = 'x' ORDER BY a.id;
alice> kept: SELECT a.id, b.id FROM a LEFT JOIN b ON b.a_id = a.id AND a.id = 1 ORDER BY a.id;
alice> other: SELECT a.id, b.id FROM a LEFT JOIN b ON b.a_id = a.id AND b.kind = 'z' ORDER BY a.id;
-- main
INSERT INTO b VALUES (2, 2, 'x');
INSERT INTO a VALUES (3);
-- check
left: changed 1, 1; 2, NULL -> 1, 1; 2, 2; 3, NULL
kept: changed 1, 1; 2, NULL -> 1, 1; 2, NULL; 3, NULL
other: changed 1, NULL; 2, NULL -> 1, NULL; 2, NULL; 3, NULL

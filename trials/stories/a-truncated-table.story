-- story: TRUNCATE on main empties what was counted
-- base
CREATE TABLE log (id int PRIMARY KEY, line text);
CREATE TABLE other (id int PRIMARY KEY);
INSERT INTO log SELECT i, 'x' FROM generate_series(1, 9) i;
-- branch
alice> lines: SELECT count(*) FROM log;
alice> far: SELECT count(*) FROM log WHERE id > 100;
alice> other: SELECT count(*) FROM other;
-- main
TRUNCATE log;
-- check
lines: changed 9 -> 0
far: holds
other: holds by untouched

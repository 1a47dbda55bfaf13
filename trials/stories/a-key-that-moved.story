-- story: A row that changed its key left one place and entered another
-- base
CREATE TABLE seat (id int PRIMARY KEY, guest text);
INSERT INTO seat SELECT i, 'guest ' || i FROM generate_series(1, 10) i;
-- branch
alice> third: SELECT guest FROM seat WHERE id = 3;
alice> thirtieth: SELECT guest FROM seat WHERE id = 30;
alice> fifth: SELECT guest FROM seat WHERE id = 5;
alice> names: SELECT count(*) FROM seat WHERE guest = 'guest 3';
-- main
UPDATE seat SET id = 30 WHERE id = 3;
-- check
third: changed guest 3 -> 
thirtieth: changed -> guest 3
fifth: holds
names: holds

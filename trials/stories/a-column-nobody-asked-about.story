-- story: A change to a column that the answer does not read leaves it true
-- base
CREATE TABLE item (id int PRIMARY KEY, name text, price numeric, note text);
INSERT INTO item SELECT i, 'item ' || i, i, 'x' FROM generate_series(1, 20) i;
-- branch
alice> names: SELECT name FROM item WHERE id < 5;
alice> all: SELECT * FROM item WHERE id = 3;
-- main
UPDATE item SET note = 'y';
-- check
names: holds by columns
all: changed 3, item 3, 3, x -> 3, item 3, 3, y

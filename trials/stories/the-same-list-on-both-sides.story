-- story: Both sides have the same list, and main keeps it in its order
-- base
CREATE TABLE item (id int PRIMARY KEY, tags text[]);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO item VALUES (1, '{}');
-- rules
item.tags = set
-- branch
alice> UPDATE item SET tags = '{b,a}' WHERE id = 1;
alice> seen: SELECT tags[1] FROM item WHERE id = 1;
alice> INSERT INTO note VALUES (1, 'b comes first');
-- main
UPDATE item SET tags = '{b,a}';
-- check
seen: holds
-- promote
outcome: landed
-- main has
SELECT tags, (SELECT words FROM note) FROM item
= {b,a}, b comes first

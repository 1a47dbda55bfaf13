-- story: A tag put on and taken off again on the branch, which main has put on
-- base
CREATE TABLE item (id int PRIMARY KEY, tags text[]);
INSERT INTO item VALUES (1, '{}');
-- rules
item.tags = set
-- branch
alice> UPDATE item SET tags = array_append(tags, 'red') WHERE id = 1;
alice> UPDATE item SET tags = array_remove(tags, 'red') WHERE id = 1;
-- main
UPDATE item SET tags = '{red,blue}';
-- promote
outcome: held
fact: conflict item
-- main has
SELECT tags FROM item
= {red,blue}

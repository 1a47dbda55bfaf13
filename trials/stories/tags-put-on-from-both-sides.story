-- story: Both sides put on a tag, and one took one off: each has its way
-- base
CREATE TABLE item (id int PRIMARY KEY, tags text[] NOT NULL, marks jsonb NOT NULL);
INSERT INTO item VALUES (1, '{old,plain}', '["old", "plain"]'), (2, '{a}', '[]');
-- rules
item.tags = set
item.marks = set
-- branch
alice> /* on */ UPDATE item SET tags = array_append(tags, 'red hot') WHERE id = 1;
alice> /* off */ UPDATE item SET tags = array_remove(tags, 'old') WHERE id = 1;
bob> /* mark */ UPDATE item SET marks = marks || '["red"]' WHERE id = 1;
-- main
UPDATE item SET tags = tags || '{blue}', marks = marks || '["blue"]' WHERE id = 1;
-- promote
outcome: landed
landed: 3
facts: none
-- merged
marks set ["old", "plain"] ["old", "plain", "red"] ["old", "plain", "blue"] = ["blue", "old", "plain", "red"]
tags set {old,plain} {plain,"red hot"} {old,plain,blue} = {blue,plain,"red hot"}
-- main has
SELECT tags, marks FROM item WHERE id = 1
= {blue,plain,"red hot"}, ["blue", "old", "plain", "red"]

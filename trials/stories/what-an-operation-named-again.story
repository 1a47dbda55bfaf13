-- story: What an operation said again of a key, beside one that it changed, main has changed
-- base
CREATE TABLE item (id int PRIMARY KEY, attrs jsonb);
INSERT INTO item VALUES (1, '{"a": 1, "b": 1}'), (2, '{"a": 1}');
-- rules
item.attrs = map
-- branch
alice> SET anabranch.task = 'alice';
alice> UPDATE item SET attrs = attrs || '{"a": 1, "b": 2}' WHERE id = 1;
bob> SET anabranch.task = 'bob';
bob> UPDATE item SET attrs = attrs || '{"b": 2}' WHERE id = 2;
-- main
UPDATE item SET attrs = attrs || '{"a": 2}' WHERE id = 1;
UPDATE item SET attrs = attrs || '{"c": 3}' WHERE id = 2;
-- promote
outcome: partial
landed: 1
held: 1
fact: conflict item
-- main has
SELECT id, attrs FROM item ORDER BY id
= 1, {"a": 2, "b": 1}
= 2, {"a": 1, "b": 2, "c": 3}

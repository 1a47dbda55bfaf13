-- story: Operations that changed nothing on the branch, and would on main, are a person's
-- base
CREATE TABLE item (id int PRIMARY KEY, best int, tags text[], attrs jsonb, qty int, price numeric);
INSERT INTO item VALUES (1, 7, '{}', '{"a": 1}', NULL, 'NaN'), (2, 7, '{}', '{"a": 1}', NULL, 'NaN');
-- rules
item.best = max
item.tags = set
item.attrs = map
item.qty = counter
item.price = counter
-- branch
alice> SET anabranch.task = 'alice';
alice> UPDATE item SET best = greatest(best, 5) WHERE id = 1;
bob> SET anabranch.task = 'bob';
bob> UPDATE item SET tags = array_remove(tags, 'red') WHERE id = 1;
carol> SET anabranch.task = 'carol';
carol> UPDATE item SET attrs = attrs || '{"a": 1}' WHERE id = 1;
dave> SET anabranch.task = 'dave';
dave> UPDATE item SET qty = qty - 3 WHERE id = 1;
erin> SET anabranch.task = 'erin';
erin> UPDATE item SET price = price - 3 WHERE id = 1;
-- main
UPDATE item SET best = 2, tags = '{red}', attrs = '{"a": 2}', qty = 10, price = 10 WHERE id = 1;
-- promote
outcome: held
landed: 0
fact: conflict item
-- main has
SELECT best, tags, attrs, qty, price FROM item WHERE id = 1
= 2, {red}, {"a": 2}, 10, 10

-- story: An operation that changed nothing, and beside it in the transaction a value
-- base
CREATE TABLE item (id int PRIMARY KEY, best int, tags text[], qty int);
INSERT INTO item VALUES (1, 7, '{}', NULL), (2, 7, '{}', 1), (3, 7, '{}', NULL), (4, 7, '{}', 1), (5, 7, '{}', NULL), (6, 7, '{}', 1);
-- rules
item.best = max
item.tags = set
item.qty = counter
-- branch
alice> SET anabranch.task = 'alice';
alice> BEGIN;
alice> UPDATE item SET best = greatest(best, 5) WHERE id = 1;
alice> UPDATE item SET best = 9 WHERE id = 2;
alice> COMMIT;
bob> SET anabranch.task = 'bob';
bob> BEGIN;
bob> UPDATE item SET tags = array_remove(tags, 'red') WHERE id = 3;
bob> UPDATE item SET tags = '{blue}' WHERE id = 4;
bob> COMMIT;
carol> SET anabranch.task = 'carol';
carol> BEGIN;
carol> UPDATE item SET qty = qty - 3 WHERE id = 5;
carol> UPDATE item SET qty = 4 WHERE id = 6;
carol> COMMIT;
-- main
UPDATE item SET best = 2, tags = '{red}', qty = 10 WHERE id IN (1, 3, 5);
-- promote
outcome: held
landed: 0
-- main has
SELECT id, best, tags, qty FROM item WHERE id IN (1, 3, 5) ORDER BY id
= 1, 2, {red}, 10
= 3, 2, {red}, 10
= 5, 2, {red}, 10

-- story: An operation on an object that changed nothing, and beside it in the transaction a value in another row
-- base
CREATE TABLE item (id int PRIMARY KEY, attrs jsonb);
INSERT INTO item VALUES (1, '{"a": 1}'), (2, '{"a": 1}');
-- rules
item.attrs = map
-- branch
alice> BEGIN;
alice> UPDATE item SET attrs = attrs || '{"a": 1}' WHERE id = 1;
alice> UPDATE item SET attrs = '{"z": 1}' WHERE id = 2;
alice> COMMIT;
-- main
UPDATE item SET attrs = '{"a": 2}' WHERE id = 1;
-- promote
outcome: held
-- main has
SELECT attrs FROM item WHERE id = 1
= {"a": 2}

-- story: Two rows exchange a unique value, by way of a third
-- base
CREATE TABLE item (id int PRIMARY KEY, position int UNIQUE);
INSERT INTO item VALUES (1, 1), (2, 2), (3, 3);
-- branch
alice> BEGIN;
alice> UPDATE item SET position = -1 WHERE id = 1;
alice> UPDATE item SET position = 1 WHERE id = 2;
alice> UPDATE item SET position = 2 WHERE id = 1;
alice> COMMIT;
-- promote
outcome: landed
landed: 1
-- main has
SELECT id, position FROM item ORDER BY id
= 1, 2
= 2, 1
= 3, 3

-- story: An update that named the version it had read waits when main has another one
-- base
CREATE TABLE item (id int PRIMARY KEY, name text, price int, version int);
INSERT INTO item VALUES (1, 'old', 10, 3), (2, 'old', 10, 3);
-- branch
alice> UPDATE item SET name = 'new', version = 4 WHERE id = 1 AND version = 3;
bob> UPDATE item SET name = 'new', version = 4 WHERE id = 2 AND version = 3;
-- main
UPDATE item SET price = 99, version = 4 WHERE id = 1 AND version = 3;
-- promote
outcome: partial or held
landed: 1
held: 1
-- main has
SELECT id, name, price, version FROM item ORDER BY id
= 1, old, 99, 4
= 2, new, 10, 4

-- story: Each side is fine by itself; a check sees what both come to, and nothing lands
-- base
CREATE TABLE seat (id int PRIMARY KEY, taken_by text);
INSERT INTO seat VALUES (1, NULL), (2, NULL), (3, NULL);
-- branch
alice> UPDATE seat SET taken_by = 'ann' WHERE id IN (1, 2);
-- main
UPDATE seat SET taken_by = 'ben' WHERE id = 3;
-- promote dry run
with check: one-free = SELECT count(*) FROM schema.seat WHERE taken_by IS NULL HAVING count(*) < 1
outcome: refused
landed: 0
held: 1
check: one-free failed 0
-- promote
with check: one-free = SELECT count(*) FROM schema.seat WHERE taken_by IS NULL HAVING count(*) < 1
outcome: refused
check: one-free failed 0
-- main has
SELECT id, taken_by FROM seat ORDER BY id
= 1, NULL
= 2, NULL
= 3, ben
-- main
UPDATE seat SET taken_by = NULL WHERE id = 3;
-- promote
with check: one-free = SELECT count(*) FROM schema.seat WHERE taken_by IS NULL HAVING count(*) < 1
outcome: landed
check: one-free passed

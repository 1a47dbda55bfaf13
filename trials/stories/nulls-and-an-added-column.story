-- story: NULLs of both sides stay, and rows of the branch have what a column that main added is by default
-- base
CREATE TABLE z (id int PRIMARY KEY, a int, b int);
INSERT INTO z VALUES (1, 1, 1), (2, NULL, 2), (3, NULL, NULL);
CREATE TABLE dd (id int PRIMARY KEY, a int);
INSERT INTO dd VALUES (1, 1), (2, 2), (3, NULL);
-- branch
alice> UPDATE z SET a = NULL WHERE id = 1;
bob> nothing: SELECT id FROM z WHERE a IS NULL AND b = 2;
bob> UPDATE z SET b = NULL WHERE id = 2;
carol> UPDATE z SET a = 3 WHERE id = 3;
dave> DELETE FROM dd WHERE id = 1;
erin> INSERT INTO dd VALUES (4, NULL);
frank> UPDATE dd SET a = NULL WHERE id = 2;
-- main
UPDATE z SET b = NULL WHERE id = 1;
UPDATE z SET b = 4 WHERE id = 3;
ALTER TABLE dd ADD c text NOT NULL DEFAULT 'x';
UPDATE dd SET c = 'y' WHERE id = 2;
-- check
nothing: holds
-- promote
outcome: landed
landed: 6
facts: none
-- main has
SELECT id, a IS NULL, b IS NULL, a, b FROM z ORDER BY id
= 1, t, t, NULL, NULL
= 2, t, t, NULL, NULL
= 3, f, f, 3, 4
-- main has
SELECT id, a, c FROM dd ORDER BY id
= 2, NULL, y
= 3, NULL, x
= 4, NULL, x

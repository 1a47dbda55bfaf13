-- story: Where both sides changed a row with a virtual generated column, the branch's work is held
-- base
CREATE TABLE grossed (id int PRIMARY KEY, net int NOT NULL, note text, gross int GENERATED ALWAYS AS (net * 2));
INSERT INTO grossed (id, net) VALUES (1, 10), (2, 20), (3, 30), (4, 40);
-- branch
bob> UPDATE grossed SET net = 15 WHERE id = 1;
ben> DELETE FROM grossed WHERE id = 2;
bea> UPDATE grossed SET note = 'kept' WHERE id = 3;
-- main
UPDATE grossed SET net = 11 WHERE id = 1;
UPDATE grossed SET net = 21 WHERE id = 2;
UPDATE grossed SET net = 31 WHERE id = 3;
-- promote
outcome: partial
landed: 1
held: 2
fact: conflict grossed
-- main has
SELECT id, net, note, gross FROM grossed ORDER BY id
= 1, 11, NULL, 22
= 2, 21, NULL, 42
= 3, 31, kept, 62
= 4, 40, NULL, 80

-- story: Of a rename and a conflict only the conflict is asked
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL, place text);
INSERT INTO stock VALUES (1, 10, 'Oslo'), (2, 20, 'Oslo');
-- branch
alice> UPDATE stock SET place = 'Rome' WHERE id = 1;
bob> INSERT INTO stock VALUES (4, 40, 'Oslo');
-- main
UPDATE stock SET place = 'Lima' WHERE id = 1;
ALTER TABLE stock RENAME place TO town;
-- promote
outcome: partial
landed: 1
held: 1
moved: column place of
-- main has
SELECT count(*) FROM stock WHERE town = 'Lima' OR id = 4
= 2

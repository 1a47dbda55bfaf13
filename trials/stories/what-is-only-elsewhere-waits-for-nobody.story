-- story: Of a rename and a conflict only the conflict is asked
-- base
CREATE TABLE stock (id int PRIMARY KEY, place text);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO stock VALUES (1, 'Oslo'), (2, 'Oslo');
-- branch
alice> UPDATE stock SET place = 'Rome' WHERE id = 1;
bob> INSERT INTO note VALUES (4, 'paint it');
-- main
UPDATE stock SET place = 'Lima' WHERE id = 1;
ALTER TABLE note RENAME TO remark;
-- promote
outcome: partial
landed: 1
held: 1
fact: conflict stock
moved: .remark on main
-- main has
SELECT place, (SELECT words FROM remark) FROM stock ORDER BY id
= Lima, paint it
= Oslo, paint it

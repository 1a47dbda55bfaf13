-- story: A row that the branch deleted and main changed goes to the side that a person names
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> DELETE FROM stock WHERE id = 1;
bob> DELETE FROM stock WHERE id = 2;
-- main
UPDATE stock SET qty = qty + 1;
-- promote dry run
outcome: held
fact: conflict stock
-- promote
decide: conflict stock id=1 = branch
decide: conflict stock id=2 = main
outcome: landed
landed: 2
facts: none
-- main has
SELECT * FROM stock ORDER BY id
= 2, 21

-- story: What a later promotion wrote over a row is not taken back with the earlier one; undone in reverse order both are
-- base
CREATE TABLE stock (id int PRIMARY KEY, n int, note text);
INSERT INTO stock VALUES (1, 10, 'x'), (2, 10, 'x');
-- branch
alice> UPDATE stock SET n = 9, note = 'y' WHERE id = 1;
-- promote
outcome: landed
-- branch
alice> UPDATE stock SET n = 8 WHERE id = 1;
-- promote
outcome: landed
-- undo 1
outcome: held
held: 1
fact: conflict stock
-- main has
SELECT n, note FROM stock WHERE id = 1;
= 8, y
-- undo 2
outcome: landed
-- undo 1
outcome: landed
-- main has
SELECT n, note FROM stock ORDER BY id;
= 10, x
= 10, x

-- story: Work that rests on a changed answer is held; work of another task lands
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO stock VALUES (1, 5), (2, 50);
-- branch
alice> SET anabranch.task = 'restock';
alice> low: SELECT count(*) FROM stock WHERE qty < 10;
alice> INSERT INTO note VALUES (1, 'order one pallet');
alice> SET anabranch.task = 'greet';
alice> INSERT INTO note VALUES (2, 'hello');
-- main
INSERT INTO stock VALUES (3, 1);
-- check
low: changed 1 -> 2
-- promote dry run
outcome: partial
landed: 1
held: 1
fact: answer low
-- main has
SELECT count(*) FROM note
= 0
-- promote
outcome: partial
landed: 1
held: 1
fact: answer low
-- main has
SELECT id FROM note ORDER BY id
= 2

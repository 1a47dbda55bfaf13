-- story: Work that builds on a held row is held with it
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO stock VALUES (1, 5);
-- branch
alice> low: SELECT count(*) FROM stock WHERE qty < 10;
alice> INSERT INTO note VALUES (1, 'order');
bob> UPDATE note SET line = 'order today' WHERE id = 1;
bob> INSERT INTO stock VALUES (900, 900);
-- main
INSERT INTO stock VALUES (2, 1);
-- promote
outcome: held or partial
fact: answer low
-- main has
SELECT count(*) FROM note
= 0

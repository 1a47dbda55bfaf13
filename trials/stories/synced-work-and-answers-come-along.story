-- story: A branch is synced, and main moves a premise after that

-- base
CREATE TABLE stock (id int PRIMARY KEY, n int NOT NULL, place text);
INSERT INTO stock SELECT i, i * 10, 'Oslo' FROM generate_series(1, 5) i;
CREATE TABLE note (id int PRIMARY KEY, line text);

-- branch
ann> total: SELECT sum(n) FROM stock WHERE place = 'Oslo';
ann> UPDATE stock SET n = 11 WHERE id = 1;
ann> INSERT INTO note VALUES (1, 'counted');
bob> five: SELECT n FROM stock WHERE id = 5;

-- main
UPDATE stock SET n = 51 WHERE id = 5;
UPDATE stock SET n = 49 WHERE id = 4;

-- sync
outcome: held
fact: answer total

-- main
UPDATE stock SET n = 40 WHERE id = 4;
UPDATE stock SET n = 50 WHERE id = 5;

-- main
INSERT INTO note VALUES (2, 'something else');

-- sync
outcome: synced
landed: 2

-- check
total: holds
five: holds

-- branch
ann> again: SELECT sum(n) FROM stock WHERE place = 'Oslo';

-- main
UPDATE stock SET n = 21 WHERE id = 2;

-- check
total: changed 150 -> 151
again: changed 151 -> 152
five: holds

-- promote
outcome: held
fact: answer total

-- promote accepting total
outcome: landed

-- main has
SELECT n FROM stock ORDER BY id
= 11
= 21
= 30
= 40
= 50

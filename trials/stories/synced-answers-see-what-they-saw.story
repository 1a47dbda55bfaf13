-- story: Answers within a transaction see after a sync as much of it as they did

-- base
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO t VALUES (1, 10), (2, 20), (3, 30);
CREATE TABLE u (id int PRIMARY KEY);

-- branch
ann> BEGIN;
ann> first: SELECT sum(n) FROM t;
ann> UPDATE t SET n = 11 WHERE id = 1;
ann> second: SELECT sum(n) FROM t;
bob> beside: SELECT sum(n) FROM t;
ann> UPDATE t SET n = 12 WHERE id = 1;
ann> third: SELECT sum(n) FROM t;
ann> COMMIT;
bob> after: SELECT sum(n) FROM t;

-- main
INSERT INTO u VALUES (1);

-- sync
outcome: synced
landed: 1

-- check
first: holds
second: holds
beside: holds
third: holds
after: holds

-- main
UPDATE t SET n = 21 WHERE id = 2;

-- check
first: changed 60 -> 61
second: changed 61 -> 62
beside: changed 60 -> 61
third: changed 62 -> 63
after: changed 62 -> 63

-- promote
outcome: held

-- main
UPDATE t SET n = 20 WHERE id = 2;

-- promote
outcome: landed

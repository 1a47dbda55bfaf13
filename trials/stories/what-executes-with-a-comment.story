-- story: An EXECUTE is what was prepared, also with a comment behind it
-- base
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1), (2, 2);
-- branch
ann> PREPARE one (int) AS SELECT /* still */ v FROM t WHERE id = $1;
ann> EXECUTE one(1) /* controller='shop', action='show (all)' */;
bob> PREPARE one (int) AS SELECT /* moved */ v FROM t WHERE id = $1;
bob> EXECUTE one (2) -- of the page
;
cy> PREPARE word (text) AS SELECT /* quoted */ v FROM t WHERE v::text <> $1 AND id = 2;
cy> EXECUTE word(') -- 2') /* (end) */;
-- main
UPDATE t SET v = 20 WHERE id = 2;
-- check
still: holds
moved: changed 2 -> 20
quoted: changed 2 -> 20

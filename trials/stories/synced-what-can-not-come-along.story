-- story: What moves with the clock stays behind, and work that rests on it only comes along where that is accepted

-- base
CREATE TABLE task (id int PRIMARY KEY, due timestamptz, done boolean NOT NULL);
INSERT INTO task VALUES (1, '2000-01-01 00:00+00', false), (2, '2100-01-01 00:00+00', false);
CREATE TABLE note (id int PRIMARY KEY, line text);

-- branch
ann> late: SELECT count(*) FROM task WHERE due < now();
ann> INSERT INTO note VALUES (1, 'one is late');
bob> open: SELECT count(*) FROM task WHERE NOT done;
bob> INSERT INTO note VALUES (2, 'two are open');

-- main
INSERT INTO note VALUES (9, 'elsewhere');

-- sync
error: AB-652

-- sync accepting late
outcome: synced
landed: 2
gone: late

-- check
open: holds

-- main
UPDATE task SET done = true WHERE id = 2;

-- check
open: changed 2 -> 1

-- promote
outcome: partial
landed: 1
fact: answer open

-- main has
SELECT id FROM note ORDER BY id
= 1
= 9

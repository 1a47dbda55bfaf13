-- story: What main's other unique columns would refuse did not go through either
-- base
CREATE TABLE p (id int PRIMARY KEY, u text, n numeric UNIQUE, d int);
CREATE UNIQUE INDEX ON p (lower(u));
INSERT INTO p VALUES (1, 'a', 1, 1), (2, 'b', 2, 1);
CREATE TABLE q (id int PRIMARY KEY, n numeric UNIQUE);
INSERT INTO q VALUES (1, 1);
CREATE TABLE r (id int PRIMARY KEY, u text, gone bool);
CREATE UNIQUE INDEX ON r (u) WHERE NOT gone;
INSERT INTO r VALUES (1, 'x', true);
CREATE TABLE s (id int PRIMARY KEY, u text UNIQUE);
CREATE TABLE v (id int PRIMARY KEY, u text);
INSERT INTO v VALUES (2, 'b');
-- branch
alice> SET anabranch.task = 'insert';
alice> /* insert */ INSERT INTO p VALUES (3, 'uu', NULL, 1);
bob> SET anabranch.task = 'update';
bob> /* update */ UPDATE q SET n = 7.0 WHERE id = 1;
carol> SET anabranch.task = 'undelete';
carol> /* undelete */ UPDATE r SET gone = false WHERE id = 1;
dave> SET anabranch.task = 'copy';
dave> /* copy */ INSERT INTO s SELECT 1, u FROM v WHERE id = 2;
erin> SET anabranch.task = 'apart';
erin> /* apart */ UPDATE p SET d = 2 WHERE id = 2;
-- main
INSERT INTO p VALUES (10, 'UU', 7.00, 1);
INSERT INTO q VALUES (10, 7.00);
INSERT INTO r VALUES (10, 'x', false);
INSERT INTO s VALUES (10, 'b');
-- check
insert: changed
update: changed
undelete: changed
copy: changed
apart: holds by predicate
-- promote
outcome: partial
landed: 1
held: 4

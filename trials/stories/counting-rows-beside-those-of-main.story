-- story: What saw rows of the branch's own holds beside rows of main's that drew the same numbers
-- base
CREATE SEQUENCE o_no START 1000;
CREATE TABLE o (id int PRIMARY KEY DEFAULT nextval('o_no'), c text);
CREATE TABLE line (o int REFERENCES o, no int, item text, PRIMARY KEY (o, no));
CREATE TABLE note (id int PRIMARY KEY, words text);
-- branch
alice> BEGIN;
alice> /* order */ INSERT INTO o (c) VALUES ('vip');
alice> INSERT INTO line VALUES (currval('o_no'), 1, 'tea');
alice> COMMIT;
alice> count: SELECT count(*) FROM o WHERE c = 'vip';
alice> items: SELECT item FROM line WHERE item = 'tea';
alice> INSERT INTO note VALUES (1, 'one vip');
bob> SET anabranch.task = 'id';
bob> id: SELECT id FROM o WHERE c = 'vip';
bob> low: SELECT count(*) FROM o WHERE id < 1000000 AND c <> 'x';
bob> joined: SELECT item FROM o JOIN line ON line.o = o.id WHERE c = 'vip';
bob> names: SELECT o FROM line WHERE item = 'tea';
bob> INSERT INTO note VALUES (2, 'its number');
-- main
INSERT INTO o (c) SELECT 'x' FROM generate_series(1, 70);
INSERT INTO line SELECT id, 1, 'rice' FROM o;
-- check
order: holds
count: holds by net
items: holds by net
id: undecided or changed
low: undecided or changed or holds
joined: undecided or changed or holds
names: undecided or changed
-- promote
outcome: partial
-- main has
SELECT c, item, (SELECT count(*) FROM note) FROM o JOIN line ON line.o = o.id WHERE c = 'vip'
= vip, tea, 1

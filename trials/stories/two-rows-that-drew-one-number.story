-- story: Two rows that drew the same number are two, however alike they are
-- base
CREATE TABLE o (id serial PRIMARY KEY, s text);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO o (s) VALUES ('open'), ('open');
-- branch
alice> SET anabranch.task = 'order';
alice> /* order */ INSERT INTO o (s) VALUES ('open');
bob> SET anabranch.task = 'count';
bob> count: SELECT count(*) FROM o WHERE s = 'open';
bob> rows: SELECT id, s FROM o;
bob> INSERT INTO note VALUES (1, '3 open');
carol> SET anabranch.task = 'update';
carol> /* update */ UPDATE o SET s = 'late' WHERE s = 'open';
-- main
INSERT INTO o (s) SELECT 'open' FROM generate_series(1, 40);
-- check
order: holds
count: changed 3 -> 43
rows: undecided or changed
update: undecided or changed
-- promote
outcome: partial
landed: 1
held: 2
-- main has
SELECT count(*), count(DISTINCT id) FROM o WHERE s = 'open'
= 43, 43
-- main has
SELECT count(*) FROM note
= 0

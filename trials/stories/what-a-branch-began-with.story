-- story: A branch of a branch works on its parent's rows, and main has others under the same numbers
-- base
CREATE TABLE o (id serial PRIMARY KEY, s text);
CREATE TABLE item (id int PRIMARY KEY, n int);
CREATE TABLE line (id int PRIMARY KEY, o int REFERENCES o);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO item VALUES (1, 1), (2, 2);
-- branch
alice> INSERT INTO o (s) VALUES ('open');
alice> UPDATE item SET n = 7 WHERE id = 2;
-- branch of it
bob> /* paid */ UPDATE o SET s = 'paid' WHERE id = 1;
carol> /* line */ INSERT INTO line VALUES (1, 1);
dave> INSERT INTO note VALUES (1, 'of its own');
dave> UPDATE item SET n = n + 1 WHERE id = 1;
erin> INSERT INTO o VALUES (900, 'its own');
frank> /* twice */ UPDATE item SET n = n * 2 WHERE id = 2;
-- main
INSERT INTO o (s) VALUES ('open');
-- check
paid: changed or undecided
line: changed or undecided
twice: changed or undecided
-- promote
outcome: partial
landed: 3
held: 3
-- main has
SELECT s FROM o ORDER BY id
= open
= its own
-- main has
SELECT count(*) FROM line
= 0
-- main has
SELECT n FROM item ORDER BY id
= 2
= 2

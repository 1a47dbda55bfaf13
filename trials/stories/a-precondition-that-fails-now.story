-- story: A statement whose precondition fails on main now would write nothing, and says that it tells its client so
-- base
CREATE TABLE doc (id int PRIMARY KEY, version int NOT NULL, words text);
INSERT INTO doc VALUES (1, 3, 'three');
-- branch
alice> UPDATE /* saved */ doc SET version = 4, words = 'mine' WHERE id = 1 AND version = 3;
-- main
UPDATE doc SET version = 4, words = 'theirs' WHERE id = 1;
-- promote
decide: answer saved = rerun
outcome: held
held: 1
fact: answer saved
decided: answer saved
-- main has
SELECT words FROM doc
= theirs

-- story: A row that main inserted too, with the same key, is no agreement: main would refuse the INSERT
-- base
CREATE TABLE done (evt text PRIMARY KEY);
CREATE TABLE pay (id serial PRIMARY KEY, evt text);
-- branch
alice> SET anabranch.task = 'evt-1';
alice> /* claim */ INSERT INTO done VALUES ('evt-1');
alice> INSERT INTO pay (evt) VALUES ('evt-1');
bob> SET anabranch.task = 'evt-2';
bob> /* other */ INSERT INTO done VALUES ('evt-2');
bob> INSERT INTO pay (evt) VALUES ('evt-2');
-- main
INSERT INTO done VALUES ('evt-1');
INSERT INTO pay (evt) VALUES ('evt-1');
-- check
claim: changed
other: holds
-- promote
outcome: partial
landed: 2
held: 2
-- main has
SELECT evt FROM pay ORDER BY evt
= evt-1
= evt-2

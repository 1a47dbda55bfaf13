-- story: Both sides filled in other keys of one object and other lines of one text; the same key is a person's
-- base
CREATE TABLE item (id int PRIMARY KEY, details jsonb, notes text);
INSERT INTO item VALUES (1, '{"size": {"w": 1, "h": 1}, "color": "red"}', E'one\ntwo\nthree\n'), (2, '{"color": "red"}', '');
-- rules
item.details = map
item.notes = text
-- branch
alice> UPDATE item SET details = jsonb_set(details, '{size,w}', '2') WHERE id = 1;
alice> UPDATE item SET notes = E'ONE\ntwo\nthree\n' WHERE id = 1;
bob> SET anabranch.task = 'bob';
bob> UPDATE item SET details = details || '{"color": "green"}' WHERE id = 2;
-- main
UPDATE item SET details = details || '{"price": 1.50}', notes = E'one\ntwo\nthree\nfour\n' WHERE id = 1;
UPDATE item SET details = details || '{"color": "blue"}' WHERE id = 2;
-- promote
outcome: partial
landed: 2
held: 1
fact: conflict item
-- main has
SELECT details, replace(notes, E'\n', '/') FROM item WHERE id = 1
= {"size": {"h": 1, "w": 2}, "color": "red", "price": 1.50}, ONE/two/three/four/

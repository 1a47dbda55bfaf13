-- story: Both sides raised a maximum, one by what it found and one by a value: the greater one stands
-- base
CREATE TABLE game (id int PRIMARY KEY, top int, first date);
INSERT INTO game VALUES (1, 10, '2026-05-05'), (2, 10, '2026-05-05'), (3, 10, NULL);
-- rules
game.top = max
game.first = min
-- branch
alice> UPDATE game SET top = greatest(top, 12) WHERE id = 1;
alice> UPDATE game SET top = 20, first = '2026-02-02' WHERE id = 2;
bob> SET anabranch.task = 'bob';
bob> /* no sum with nothing */ UPDATE game SET first = '2026-01-01' WHERE id = 3;
-- main
UPDATE game SET top = 15 WHERE id < 3;
UPDATE game SET first = '2026-03-03' WHERE id > 1;
-- promote
outcome: partial
landed: 2
held: 1
fact: conflict game
-- merged
first min 2026-05-05 2026-02-02 2026-03-03 = 2026-02-02
top max 10 12 15 = 15
top max 10 20 15 = 20
-- main has
SELECT id, top, first FROM game ORDER BY id
= 1, 15, 2026-05-05
= 2, 20, 2026-02-02
= 3, 10, 2026-03-03

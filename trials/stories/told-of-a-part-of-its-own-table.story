-- story: a ranked row told through UPDATE FROM a subquery of the same table
-- base
CREATE TABLE bid (id int PRIMARY KEY, item int, amount int, state text DEFAULT 'open');
INSERT INTO bid VALUES (1, 1, 10), (2, 1, 20), (3, 1, 15);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE bid SET state = 'won' FROM (SELECT item, max(amount) AS top, count(*) AS n FROM bid GROUP BY item) s WHERE bid.item = s.item AND bid.amount = s.top RETURNING bid.id, s.n;
-- promote
outcome: landed
-- main
DELETE FROM bid WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'three bids');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0

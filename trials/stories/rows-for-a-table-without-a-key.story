-- story: Rows for a table without a key land, each once
-- base
CREATE TABLE log (at timestamptz DEFAULT now(), line text);
INSERT INTO log (line) VALUES ('a'), ('a');
-- branch
alice> INSERT INTO log (line) VALUES ('from the branch');
-- main
INSERT INTO log (line) VALUES ('from main');
-- promote
outcome: landed
landed: 1
-- promote
outcome: nothing
-- main has
SELECT line, count(*) FROM log GROUP BY line ORDER BY line
= a, 2
= from main, 1
= from the branch, 1

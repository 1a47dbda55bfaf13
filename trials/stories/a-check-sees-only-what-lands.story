-- story: What is held is not in what a check sees
-- base
CREATE TABLE orders (id int PRIMARY KEY, state text);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO orders VALUES (1, 'open'), (2, 'open');
-- branch
alice> open: SELECT count(*) FROM orders WHERE state = 'open';
alice> INSERT INTO note VALUES (1, 'two are open');
bob> INSERT INTO note VALUES (2, 'hello');
-- main
INSERT INTO orders VALUES (3, 'open');
-- promote dry run
with check: one-note = SELECT id FROM schema.note WHERE id = 1
outcome: partial
landed: 1
held: 1
check: one-note passed
-- promote accepting open
with check: one-note = SELECT id FROM schema.note WHERE id = 1
outcome: refused
landed: 0
held: 2
check: one-note failed 1
-- promote
with check: one-note = SELECT id FROM schema.note WHERE id = 1
outcome: partial
check: one-note passed

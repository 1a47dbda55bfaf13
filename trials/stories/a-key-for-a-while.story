-- story: A unique index that the branch had for a while refused rows that main takes
-- base
CREATE TABLE seat (id int PRIMARY KEY, n int);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO seat VALUES (1, 7);
-- branch
ann> CREATE UNIQUE INDEX one_each ON seat (n);
ann> INSERT /* taken */ INTO seat VALUES (2, 7) ON CONFLICT DO NOTHING;
ann> seen: SELECT n FROM seat WHERE id = 1;
ann> INSERT /* ann */ INTO note VALUES (1, 'it was taken');
ann> DROP INDEX one_each;
-- check
taken: undecided
seen: holds
-- promote
outcome: held
landed: 0

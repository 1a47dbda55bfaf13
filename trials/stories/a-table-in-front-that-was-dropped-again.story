-- story: What was asked while the branch had a table of its own in front of main's was not told of main's
-- base
CREATE SCHEMA shop;
CREATE TABLE shop.price (id int PRIMARY KEY, n int);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO shop.price VALUES (1, 5);
-- branch
alice> SET anabranch.task = 'alice';
alice> SET search_path = story_a_table_in_front_that_was_dropped_again, shop;
alice> before: SELECT n AS known FROM price WHERE id = 1;
bob> SET anabranch.task = 'bob';
bob> SET search_path = story_a_table_in_front_that_was_dropped_again, shop;
bob> CREATE TABLE price (id int PRIMARY KEY, n int);
bob> SELECT 1 AS other FROM note;
bob> between: SELECT count(*) FROM price;
bob> INSERT /* bob */ INTO note VALUES (1, 'none is known');
bob> DROP TABLE price;
carol> SET anabranch.task = 'carol';
carol> SET search_path = story_a_table_in_front_that_was_dropped_again, shop;
carol> SELECT pg_sleep(2);
carol> after: SELECT n FROM price WHERE id = 1;
carol> INSERT /* carol */ INTO note VALUES (2, 'it is 5');
-- check
before: holds
between: undecided
after: holds
-- promote
outcome: partial
landed: 1
-- main has
SELECT words FROM note
= it is 5

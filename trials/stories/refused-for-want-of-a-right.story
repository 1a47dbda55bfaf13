-- story: Who was told that they may not was told something about main
-- as story_clerk
-- base
DO $$ BEGIN CREATE ROLE story_clerk; EXCEPTION WHEN duplicate_object THEN END $$;
GRANT USAGE ON SCHEMA story_refused_for_want_of_a_right TO story_clerk;
CREATE TABLE member (team text PRIMARY KEY);
CREATE TABLE doc (id int PRIMARY KEY, team text);
CREATE TABLE secret (id int PRIMARY KEY);
CREATE TABLE hidden (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO member VALUES ('blue');
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON doc USING (true) WITH CHECK (team IN (SELECT team FROM member));
GRANT SELECT ON member TO story_clerk;
GRANT SELECT, INSERT ON doc, note TO story_clerk;
-- branch
alice!> /* policy */ INSERT INTO doc VALUES (1, 'red');
alice> INSERT INTO note VALUES (1, 'red is not mine');
bob!> /* table */ SELECT id FROM secret;
bob> INSERT INTO note VALUES (2, 'secret is secret');
carol!> /* still */ SELECT id FROM hidden;
carol> INSERT INTO note VALUES (3, 'hidden is hidden');
dave!> /* out */ INSERT INTO doc VALUES (1, 'green');
dave> INSERT INTO note VALUES (4, 'green is not mine');
-- main
INSERT INTO member VALUES ('red');
GRANT SELECT ON secret TO story_clerk;
-- check
policy: changed
table: changed
still: holds
out: holds
-- promote
outcome: partial
landed: 2
held: 2
-- main has
SELECT id FROM note ORDER BY id
= 3
= 4

-- story: A policy that main replaced says which rows are seen at each check
-- as story_reader
-- base
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'story_reader') THEN CREATE ROLE story_reader; END IF; END $$;
CREATE TABLE doc (id int PRIMARY KEY, team text, area text);
INSERT INTO doc VALUES (1, 'red', 'a'), (2, 'blue', 'b'), (3, 'red', 'a');
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON doc TO story_reader USING (team = 'red');
GRANT USAGE ON SCHEMA story_a_policy_altered_then_a_row TO story_reader;
GRANT SELECT ON doc TO story_reader;
-- branch
alice> seen: SELECT count(*) FROM doc;
-- main
ALTER POLICY p ON doc USING (area = 'a');
-- check
seen: holds
-- main
INSERT INTO doc VALUES (4, 'blue', 'a');
-- check
seen: changed 2 -> 3

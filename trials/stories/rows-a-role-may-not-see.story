-- story: Row security is part of the question: a change that the role may not see leaves its answers true
-- as story_reader
-- base
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'story_reader') THEN CREATE ROLE story_reader; END IF; END $$;
CREATE TABLE doc (id int PRIMARY KEY, team text, n int);
INSERT INTO doc VALUES (1, 'red', 1), (2, 'blue', 2), (3, 'red', 3);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY red_only ON doc TO story_reader USING (team = 'red');
GRANT USAGE ON SCHEMA story_rows_a_role_may_not_see TO story_reader;
GRANT SELECT ON doc TO story_reader;
-- branch
alice> mine: SELECT count(*) FROM doc;
-- main
INSERT INTO doc VALUES (4, 'blue', 4);
-- check
mine: holds
-- main
INSERT INTO doc VALUES (5, 'red', 5);
-- check
mine: changed 2 -> 3

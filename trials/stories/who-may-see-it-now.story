-- story: A role that becomes a member of another one sees more
-- as story_watcher
-- base
DO $$ BEGIN CREATE ROLE story_watcher; EXCEPTION WHEN duplicate_object THEN END $$;
DO $$ BEGIN CREATE ROLE story_lead; EXCEPTION WHEN duplicate_object THEN END $$;
DO $$ BEGIN CREATE ROLE story_manager; EXCEPTION WHEN duplicate_object THEN END $$;
GRANT story_manager TO story_lead;
CREATE TABLE doc (id int PRIMARY KEY, open boolean);
INSERT INTO doc VALUES (1, true), (2, false);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY opened ON doc USING (open);
CREATE POLICY managers ON doc TO story_manager USING (true);
GRANT USAGE ON SCHEMA story_who_may_see_it_now TO story_watcher;
GRANT SELECT ON doc TO story_watcher;
-- branch
alice> n: SELECT count(*) FROM doc;
-- main
GRANT story_lead TO story_watcher;
-- check
n: changed or undecided
-- main
REVOKE story_lead FROM story_watcher;
-- check
n: holds

-- story: A renamed table whose name leads to another one now is asked about
-- base
CREATE TABLE ballot (id int PRIMARY KEY, words text);
CREATE SCHEMA second_schema_of_ballots;
CREATE TABLE second_schema_of_ballots.ballot (id int PRIMARY KEY, words text);
-- branch
bob> SET search_path = story_renamed_and_the_name_leads_elsewhere, second_schema_of_ballots;
bob> INSERT INTO ballot VALUES (4, 'paint it');
-- main
ALTER TABLE ballot RENAME TO remark;
-- promote
outcome: held
-- main has
SELECT count(*) FROM remark
= 0
-- main
DROP SCHEMA second_schema_of_ballots CASCADE;

-- story: A renamed table is only told where the name leads to another one in a schema that nobody looks in
-- base
CREATE TABLE voice (id int PRIMARY KEY, words text);
CREATE SCHEMA another_tenant_of_voices;
CREATE TABLE another_tenant_of_voices.voice (id int PRIMARY KEY, words text);
-- branch
bob> INSERT INTO voice VALUES (4, 'paint it');
-- main
ALTER TABLE voice RENAME TO remark;
-- promote
outcome: landed
landed: 1
held: 0
moved: .remark on main
-- main has
SELECT words FROM remark
= paint it
-- main
DROP SCHEMA another_tenant_of_voices CASCADE;

-- story: What was asked while a table was guarded, renamed, extended or had a child is not what main has
-- base
CREATE TABLE guarded (id int PRIMARY KEY, n int);
CREATE TABLE renamed (id int PRIMARY KEY, n int);
CREATE TABLE other (id int PRIMARY KEY, n int);
CREATE TABLE parent (id int, n int);
CREATE TABLE child (id int, n int);
CREATE TABLE wide (id int PRIMARY KEY, n int);
CREATE TABLE words (id int PRIMARY KEY, word varchar);
CREATE VIEW v AS SELECT n FROM guarded;
INSERT INTO guarded VALUES (1, 1), (2, 2);
INSERT INTO renamed VALUES (1, 1);
INSERT INTO other VALUES (1, 77);
INSERT INTO child VALUES (9, 9);
INSERT INTO wide VALUES (1, 1);
INSERT INTO words VALUES (1, 'A');
-- branch
ann> ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
ann> ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
ann> CREATE POLICY one ON guarded USING (id = 1);
ann> seen: SELECT count(*) FROM guarded;
ann> DROP POLICY one ON guarded;
ann> ALTER TABLE guarded NO FORCE ROW LEVEL SECURITY;
ann> ALTER TABLE guarded DISABLE ROW LEVEL SECURITY;
ann> ALTER TABLE renamed RENAME TO kept;
ann> ALTER TABLE other RENAME TO renamed;
ann> named: SELECT n AS named FROM renamed;
ann> ALTER TABLE renamed RENAME TO other;
ann> ALTER TABLE kept RENAME TO renamed;
ann> ALTER TABLE child INHERIT parent;
ann> below: SELECT count(*) FROM parent;
ann> ALTER TABLE child NO INHERIT parent;
ann> ALTER TABLE wide ADD extra int DEFAULT 3;
ann> all: SELECT * FROM wide;
ann> one: SELECT n FROM wide;
ann> ALTER TABLE wide DROP extra;
ann> ALTER VIEW v RENAME TO v2;
ann> CREATE VIEW v AS SELECT id AS n FROM guarded;
ann> viewed: SELECT sum(n) FROM v;
ann> DROP VIEW v;
ann> ALTER VIEW v2 RENAME TO v;
ann> CREATE FUNCTION lower(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'mine' $$;
ann> SET search_path = story_rows_seen_while_it_was_altered, pg_catalog;
ann> called: SELECT lower(word) FROM words;
ann> DROP FUNCTION story_rows_seen_while_it_was_altered.lower(varchar);
ann> SET search_path = story_rows_seen_while_it_was_altered;
ann> later: SELECT n AS now FROM renamed;
-- check
seen: undecided
named: undecided
below: undecided
all: undecided
one: holds
viewed: undecided
called: undecided
later: holds

-- story: A SELECT that writes where its words do not show it is not asked again without its own write
-- base
CREATE TABLE log (id serial PRIMARY KEY, what text);
CREATE FUNCTION note() RETURNS int LANGUAGE sql AS 'INSERT INTO log (what) VALUES (''seen'') RETURNING id';
CREATE VIEW v AS SELECT note() AS id;
-- branch
alice> BEGIN;
alice> SELECT id FROM v;
alice> seen: SELECT count(*) FROM log;
alice> COMMIT;
-- main
INSERT INTO log (what) VALUES ('main');
-- check
seen: changed or undecided

-- story: Clocks, locks, numbers, settings and catalogs are nobody's premise
-- base
CREATE TABLE note (id int PRIMARY KEY, words text);
CREATE TABLE noise (id int PRIMARY KEY);
CREATE SEQUENCE hilo;
-- branch
alice> SELECT now();
alice> SELECT pg_advisory_lock(3);
alice> SELECT pg_advisory_unlock_all();
alice> SELECT nextval('hilo');
alice> SELECT gen_random_uuid();
alice> SELECT set_config('app.tenant', 'x', false);
alice> SELECT pg_notify('c', 'x');
alice> SELECT relname FROM pg_class WHERE relname = 'note';
alice> INSERT INTO note VALUES (1, 'after all that');
-- main
INSERT INTO noise VALUES (1);
-- promote
outcome: landed
landed: 1

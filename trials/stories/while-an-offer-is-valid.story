-- story: What is valid from one moment to another flips at the next of them, also behind a view and in an outer join
-- base
CREATE TABLE clock (at timestamptz PRIMARY KEY);
INSERT INTO clock VALUES (now());
CREATE TABLE offer (id int PRIMARY KEY, begins timestamptz, ends timestamptz);
INSERT INTO offer SELECT 1, at - interval '1 hour', at + interval '5 hours' FROM clock;
INSERT INTO offer SELECT 2, at + interval '3 hours', at + interval '9 hours' FROM clock;
INSERT INTO offer SELECT 3, at - interval '9 hours', at - interval '1 hour' FROM clock;
CREATE VIEW valid AS SELECT id FROM offer WHERE ends >= now();
CREATE TABLE line (id int PRIMARY KEY, offer int);
INSERT INTO line VALUES (1, 1), (2, 3);
-- branch
ann> SET timezone = 'UTC';
ann> between: SELECT id FROM offer WHERE now() BETWEEN begins AND ends;
ann> view: SELECT count(*) FROM valid;
ann> late: SELECT id, CASE WHEN ends < now() THEN 'late' ELSE 'open' END FROM offer WHERE id <> 1;
ann> outer: SELECT line.id, o.id FROM line LEFT JOIN offer o ON o.id = line.offer AND o.ends > now();
ann> nobody: SELECT count(*) FROM line WHERE NOT EXISTS (SELECT FROM offer WHERE begins > now() AND offer.id = 2);
-- flips
between: SELECT at + interval '3 hours' FROM clock
view: SELECT at + interval '5 hours 1 microsecond' FROM clock
late: SELECT at + interval '9 hours 1 microsecond' FROM clock
outer: SELECT at + interval '5 hours' FROM clock
nobody: SELECT at + interval '3 hours' FROM clock

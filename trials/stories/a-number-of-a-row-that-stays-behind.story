-- story: The number of a row that stays behind does not land in another task's row, where it would mean main's
-- base
CREATE TABLE o (id serial PRIMARY KEY, c text UNIQUE);
CREATE TABLE note (id int PRIMARY KEY, body jsonb, ref int, kind text);
INSERT INTO o (c) SELECT 'a' || g FROM generate_series(1, 20) g;
-- branch
ann> SET anabranch.task = 'ann';
ann> INSERT INTO o (c) VALUES ('taken');
ann> SET anabranch.task = 'bob';
ann> INSERT INTO note VALUES (1001, jsonb_build_object('order', currval('o_id_seq')));
ann> SET anabranch.task = 'cat';
ann> INSERT INTO note VALUES (1002, '{"order": 3}');
ann> SET anabranch.task = 'dan';
ann> INSERT INTO note (id, kind, ref) VALUES (1003, 'order', currval('o_id_seq'));
ann> SET anabranch.task = 'eve';
ann> INSERT INTO note (id, kind) VALUES (1004, 'see order #' || currval('o_id_seq') || '.');
-- main
INSERT INTO o (c) VALUES ('taken');
INSERT INTO o (c) SELECT 'm' || g FROM generate_series(1, 90) g;
-- promote
outcome: partial
-- main has
SELECT string_agg(id::text, ',') FROM note
= 1002

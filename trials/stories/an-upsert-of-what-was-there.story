-- story: An upsert, or a MERGE, of what was there already, and main has changed it since
-- base
CREATE TABLE kv (k text PRIMARY KEY, v text);
INSERT INTO kv VALUES ('a', '1'), ('b', '1'), ('c', '1');
CREATE TABLE pool (k text PRIMARY KEY, v text);
INSERT INTO pool VALUES ('b', '1');
-- branch
one> SET anabranch.task = 'one';
one> INSERT /* one */ INTO kv VALUES ('a', '1') ON CONFLICT (k) DO UPDATE SET v = EXCLUDED.v;
two> SET anabranch.task = 'two';
two> MERGE /* two */ INTO kv USING pool ON kv.k = pool.k WHEN MATCHED THEN UPDATE SET v = pool.v;
three> SET anabranch.task = 'three';
three> told: UPDATE kv SET v = '1' WHERE k = 'c' RETURNING k;
-- main
UPDATE kv SET v = '2';
-- check
one: changed
two: changed
told: changed
-- promote
outcome: held

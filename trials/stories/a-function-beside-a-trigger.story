-- story: A function made on the branch is no matter to the triggers of others
-- base
CREATE TABLE t (id int PRIMARY KEY, v int, note text);
INSERT INTO t VALUES (1, 1, ''), (2, 2, '');
CREATE TABLE other (id int PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.note := new.note || ''.''; RETURN new; END';
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- branch
bob> CREATE FUNCTION of_bobs_own() RETURNS int LANGUAGE sql AS 'SELECT 1';
alice> UPDATE t SET v = 10 WHERE id = 1;
alice> told: UPDATE t SET v = 20 WHERE id = 2 RETURNING id, note, v;
-- main
INSERT INTO other VALUES (1);
-- check
told: holds
-- promote
outcome: landed
landed: 2
-- main has
SELECT id, v, note FROM t ORDER BY id;
= 1, 10, .
= 2, 20, .

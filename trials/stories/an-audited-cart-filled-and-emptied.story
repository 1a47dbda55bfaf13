-- story: A cart with an audit trigger, filled and emptied, and other work that has nothing to do with it is dropped
-- base
CREATE TABLE cart (id int PRIMARY KEY, what text);
CREATE TABLE audit (id bigserial PRIMARY KEY, what text);
CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (what) VALUES (TG_OP); RETURN coalesce(NEW, OLD); END $$;
CREATE TRIGGER tg AFTER INSERT OR UPDATE OR DELETE ON cart FOR EACH ROW EXECUTE FUNCTION tg();
CREATE TABLE other (id int PRIMARY KEY, n int);
CREATE TABLE note (l text PRIMARY KEY);
-- branch
alice> SET anabranch.task = 'a';
alice> INSERT INTO other VALUES (1, 1);
bob> SET anabranch.task = 'b';
bob> INSERT INTO cart VALUES (1, 'pen');
bob> DELETE FROM cart WHERE id = 1;
bob> INSERT INTO note VALUES ('cart emptied');
-- main
INSERT INTO cart VALUES (2, 'ink');
-- promote
decide: task a = drop
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1

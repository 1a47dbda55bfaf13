-- story: A refusal with a SQLSTATE that the application made up is an answer like any other
-- base
CREATE TABLE stock (id int PRIMARY KEY, n int);
CREATE TABLE orders (id int PRIMARY KEY, item int);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO stock VALUES (1, 0), (2, 0), (3, 0), (4, 0);
CREATE FUNCTION take(item int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN IF (SELECT n FROM stock WHERE id = item) < 1 THEN RAISE 'none left' USING ERRCODE = 'BK001'; END IF; END $$;
CREATE FUNCTION in_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF (SELECT n FROM stock WHERE id = NEW.item) < 1 THEN RAISE SQLSTATE 'PT409' USING MESSAGE = 'none left'; END IF; RETURN NEW; END $$;
CREATE TRIGGER in_stock BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION in_stock();
CREATE FUNCTION may_take(item int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN IF (SELECT n FROM stock WHERE id = item) < 1 THEN RAISE insufficient_privilege; END IF; END $$;
CREATE FUNCTION try_later(item int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN IF (SELECT n FROM stock WHERE id = item) < 1 THEN RAISE serialization_failure; END IF; END $$;
-- branch
alice!> /* function */ SELECT take(1);
alice> INSERT INTO note VALUES (1, 'none of 1');
bob!> /* trigger */ INSERT INTO orders VALUES (1, 1);
bob> INSERT INTO note VALUES (2, 'none of 1');
carol!> /* right */ SELECT may_take(1);
carol> INSERT INTO note VALUES (3, 'none of 1');
dave!> /* later */ SELECT try_later(1);
dave> INSERT INTO note VALUES (4, 'none of 1');
erin!> /* other */ SELECT take(2);
erin!> SELEC nothing;
erin!> SELECT nothing FROM stock;
erin> INSERT INTO note VALUES (5, 'none of 2');
-- main
UPDATE stock SET n = 5 WHERE id = 1;
-- check
function: changed
trigger: changed
right: changed
later: changed
other: holds
-- promote
outcome: partial
landed: 1
held: 4
-- main has
SELECT id FROM note
= 5

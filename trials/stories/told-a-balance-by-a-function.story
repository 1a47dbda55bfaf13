-- story: a function books and tells the balance; main books elsewhere
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE acc (id int PRIMARY KEY, bal int);
INSERT INTO acc VALUES (1, 100), (2, 100);
CREATE TABLE led (id int PRIMARY KEY, acc int, amt int, bal int);
CREATE FUNCTION post() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE acc SET bal = bal + NEW.amt WHERE id = NEW.acc RETURNING bal INTO NEW.bal; RETURN NEW; END $$;
CREATE TRIGGER p BEFORE INSERT ON led FOR EACH ROW EXECUTE FUNCTION post();
CREATE FUNCTION book(i int, a int, m int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE r int; BEGIN INSERT INTO led (id, acc, amt) VALUES (i, a, m) RETURNING bal INTO r; RETURN r; END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT book(1, 1, -10);
bob> /* again */ SELECT book(2, 1, -10);
-- promote
outcome: landed
-- main
INSERT INTO led (id, acc, amt) VALUES (9, 2, 5);
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed

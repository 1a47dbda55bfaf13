-- story: Main's own trigger would refuse the row now
-- base
CREATE TABLE period (id int PRIMARY KEY, open boolean);
INSERT INTO period VALUES (1, true), (2, true);
CREATE TABLE booking (id int PRIMARY KEY, period int REFERENCES period);
CREATE FUNCTION book() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (SELECT open FROM period WHERE id = new.period) THEN RAISE EXCEPTION 'closed'; END IF; RETURN new; END $$;
CREATE TRIGGER book BEFORE INSERT ON booking FOR EACH ROW EXECUTE FUNCTION book();
-- branch
alice> INSERT INTO booking VALUES (1, 1);
bob> INSERT INTO booking VALUES (2, 2);
-- main
UPDATE period SET open = false WHERE id = 1;
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id FROM booking
= 2

-- story: What a trigger, a default or a rule of the branch wrote is no main's work once it is dropped
-- base
CREATE TABLE price (id int PRIMARY KEY, n int);
CREATE TABLE sale (id int PRIMARY KEY, n int);
CREATE TABLE note (id int PRIMARY KEY, words text);
CREATE TABLE plain (id int PRIMARY KEY);
INSERT INTO price VALUES (1, 5);
-- branch
ann> SET anabranch.task = 'ann';
ann> CREATE FUNCTION priced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n = (SELECT n FROM price WHERE id = 1); RETURN NEW; END $$;
ann> CREATE TRIGGER priced BEFORE INSERT ON sale FOR EACH ROW EXECUTE FUNCTION priced();
ann> sold: INSERT INTO sale VALUES (1, 0) RETURNING n;
ann> DROP TRIGGER priced ON sale;
ann> DROP FUNCTION priced();
ben> SET anabranch.task = 'ben';
ben> ALTER TABLE note ALTER words SET DEFAULT 'by the branch';
ben> noted: INSERT INTO note (id) VALUES (1) RETURNING words;
ben> ALTER TABLE note ALTER words DROP DEFAULT;
cleo> SET anabranch.task = 'cleo';
cleo> INSERT /* cleo */ INTO plain VALUES (1);
-- main
UPDATE price SET n = 6;
-- check
sold: undecided
noted: undecided
-- promote
outcome: partial
landed: 1
-- main has
SELECT (SELECT count(*) FROM sale), (SELECT count(*) FROM note), (SELECT count(*) FROM plain)
= 0, 0, 1

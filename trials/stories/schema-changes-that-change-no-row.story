-- story: A trigger switched off and on, a grant, a comment, a rewrite: rows written after them land
-- base
CREATE TABLE a (id int PRIMARY KEY, v int);
CREATE TABLE b (id int PRIMARY KEY, v int);
CREATE TABLE c (id int PRIMARY KEY, v int);
INSERT INTO a VALUES (1, 1);
INSERT INTO b VALUES (1, 1);
INSERT INTO c VALUES (1, 1);
-- branch
alice> ALTER TABLE a DISABLE TRIGGER USER;
alice> UPDATE a SET v = 2;
alice> ALTER TABLE a ENABLE TRIGGER USER;
bob> GRANT SELECT ON b TO PUBLIC;
bob> UPDATE b SET v = 2;
carol> COMMENT ON TABLE c IS 'prices';
carol> UPDATE c SET v = 2;
-- promote
outcome: landed
landed: 3
-- main has
SELECT a.v, b.v, c.v FROM a, b, c
= 2, 2, 2

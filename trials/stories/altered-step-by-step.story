-- story: A migration of several steps does not put in doubt what its table was asked in between
-- base
CREATE TABLE orders (id int PRIMARY KEY, n int);
CREATE TABLE note (id int PRIMARY KEY);
INSERT INTO orders VALUES (1, 5);
-- branch
ann> ALTER TABLE orders ADD first int;
ann> CREATE INDEX ON orders (n);
ann> between: SELECT n FROM orders WHERE id = 1;
ann> INSERT /* written */ INTO note VALUES (1);
ann> ALTER TABLE orders ADD second text DEFAULT 'x';
ann> CREATE INDEX ON orders (first);
ann> INSERT /* early */ INTO note VALUES (2);
ann> CREATE TABLE scratch (id serial PRIMARY KEY, n int DEFAULT 3 CHECK (n > 0), t text UNIQUE);
ann> beside: SELECT count(*) FROM orders;
ann> DROP TABLE scratch;
-- main
INSERT INTO orders VALUES (2, 6);
-- check
between: holds
beside: changed
early: holds
-- promote
outcome: landed
landed: 2

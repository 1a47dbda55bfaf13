-- story: everyday: a user with a generated deferrable unique mail is put in
-- base
CREATE TABLE p (id int PRIMARY KEY, e text, g text GENERATED ALWAYS AS (lower(e)) STORED UNIQUE DEFERRABLE);
INSERT INTO p (id, e) VALUES (1, 'a');
-- branch
bob> INSERT INTO p (id, e) VALUES (9, 'X');
-- promote
outcome: landed

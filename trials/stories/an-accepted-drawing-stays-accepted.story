-- story: An accepted effect that draws numbers and reads the clock is not asked again while main stands still
-- base
CREATE TABLE price (id int PRIMARY KEY, n int NOT NULL);
CREATE TABLE offer (id serial PRIMARY KEY, n int NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
INSERT INTO price VALUES (3, 10), (5, 10);
-- branch
alice> INSERT /* made */ INTO offer (n) SELECT n FROM price;
-- main
UPDATE price SET n = 11;
-- promote dry run
decide: answer made = accept
outcome: landed
-- main
CREATE TABLE unrelated (id int);
-- promote
outcome: landed

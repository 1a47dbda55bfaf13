-- story: What comes out otherwise each time can't be chosen, and says why
-- base
CREATE TABLE price (sku text PRIMARY KEY, p int NOT NULL);
CREATE TABLE bill (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), total int NOT NULL);
INSERT INTO price VALUES ('a', 10);
-- branch
alice> INSERT /* billed */ INTO bill (total) SELECT p * 2 FROM price WHERE sku = 'a';
-- main
UPDATE price SET p = 30 WHERE sku = 'a';
-- promote dry run
outcome: held
fact: answer billed
not offered: gets another value each time

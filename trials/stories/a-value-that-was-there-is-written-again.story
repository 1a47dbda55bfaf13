-- story: A value that was there already is written once more, and main has changed it since
-- base
CREATE TABLE price (sku text PRIMARY KEY, amount int NOT NULL, note text, body text);
ALTER TABLE price ALTER COLUMN body SET STORAGE EXTERNAL;
INSERT INTO price (sku, amount, note) VALUES ('a', 1, 'x'), ('b', 2, 'marked'), ('c', 3, 'y');
UPDATE price SET body = repeat('long', 900) WHERE sku = 'b';
-- branch
one> SET anabranch.task = 'one';
one> UPDATE /* one */ price SET note = 'marked' WHERE sku = 'b';
two> SET anabranch.task = 'two';
two> UPDATE /* two */ price SET note = 'marked' WHERE sku = 'c';
-- main
UPDATE price SET note = 'main' WHERE sku = 'b';
UPDATE price SET amount = 4 WHERE sku = 'c';
-- check
one: changed
two: holds
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT sku, amount, note FROM price ORDER BY sku;
= a, 1, x
= b, 2, main
= c, 4, marked

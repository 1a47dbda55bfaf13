-- story: A rule that says nothing of a column is refused when it is set
-- base
CREATE TABLE stock (sku text PRIMARY KEY, name text, code int UNIQUE, qty int, price numeric, worth numeric GENERATED ALWAYS AS (price * 2) STORED, weight float8);
CREATE TABLE sold (n int);
CREATE TABLE line (id int PRIMARY KEY, sku text REFERENCES stock, n bigint);
CREATE TABLE parted (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
-- rules
stock.qty = counter
stock.qty = sum: AB-681
stock.amount = counter: AB-682
nothing.amount = counter: AB-682
stock.q ty = counter: AB-682
sold.n = counter: AB-683
parted.n = counter: AB-683
stock.code = max: AB-684
stock.worth = counter: AB-684
line.sku = text: AB-684
stock.name = counter: AB-685
stock.weight = counter: AB-685
stock.qty = map: AB-685
line.n = max
stock.qty = value
-- branch
alice> INSERT INTO sold VALUES (1);
-- promote
outcome: landed

-- story: Who writes a row that names another reads that it is there, and who removes one that nobody names it
-- base
CREATE TABLE p (id int PRIMARY KEY, code text UNIQUE, n int);
INSERT INTO p SELECT g, 'c' || g, g FROM generate_series(1, 9) g;
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
CREATE TABLE bycode (id int PRIMARY KEY, code text REFERENCES p (code));
CREATE TABLE late (id int PRIMARY KEY, p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);
INSERT INTO c VALUES (1, 9), (2, 9);
CREATE TABLE parted (id int, k int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE parted1 PARTITION OF parted FOR VALUES FROM (1) TO (10);
INSERT INTO parted VALUES (1, 1), (2, 2);
CREATE TABLE topart (id int PRIMARY KEY, r int REFERENCES parted);
CREATE TABLE tree (id int PRIMARY KEY, up int REFERENCES tree);
INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 1);
-- branch
ann> SET anabranch.task = 'ann';
ann> INSERT /* child */ INTO c VALUES (10, 1);
bob> SET anabranch.task = 'bob';
bob> INSERT /* bycode */ INTO bycode VALUES (1, 'c2');
cat> SET anabranch.task = 'cat';
cat> INSERT /* late */ INTO late VALUES (1, 1);
dan> SET anabranch.task = 'dan';
dan> DELETE /* parent */ FROM p WHERE id = 3;
eve> SET anabranch.task = 'eve';
eve> UPDATE /* move */ c SET p = 1 WHERE id = 1;
fay> SET anabranch.task = 'fay';
fay> INSERT /* topart */ INTO topart VALUES (1, 1);
gil> SET anabranch.task = 'gil';
gil> INSERT /* tree */ INTO tree VALUES (4, 2);
hal> SET anabranch.task = 'hal';
hal> UPDATE /* rename */ p SET code = 'new' WHERE id = 4;
ike> SET anabranch.task = 'ike';
ike> INSERT /* fine */ INTO c VALUES (11, 5);
jon> SET anabranch.task = 'jon';
jon> INSERT /* null */ INTO c VALUES (12, NULL);
-- main
DELETE FROM p WHERE id = 1;
UPDATE p SET code = 'other' WHERE id = 2;
INSERT INTO c VALUES (20, 3);
DELETE FROM parted WHERE id = 1;
DELETE FROM tree WHERE id = 2;
INSERT INTO bycode VALUES (7, 'c4');
-- check
child: changed
bycode: changed
late: changed
parent: changed
move: changed
topart: changed
tree: changed
rename: changed
fine: holds
null: holds

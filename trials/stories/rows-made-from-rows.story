-- story: Rows that were computed, removed or merged from others wait when those have changed
-- base
CREATE TABLE sale (id int PRIMARY KEY, region int, n int);
CREATE TABLE report (region int PRIMARY KEY, n int);
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, parent int);
CREATE TABLE source (id int PRIMARY KEY, v int);
CREATE TABLE target (id int PRIMARY KEY, v int);
INSERT INTO sale VALUES (1, 1, 5), (2, 2, 5);
INSERT INTO parent VALUES (1), (2), (3);
INSERT INTO child VALUES (1, 1);
INSERT INTO source VALUES (1, 1);
INSERT INTO target VALUES (1, 0);
-- branch
alice> /* report-one */ INSERT INTO report SELECT 1, sum(n) FROM sale WHERE region = 1;
bob> SET anabranch.task = 'b';
bob> /* report-two */ INSERT INTO report SELECT 2, sum(n) FROM sale WHERE region = 2;
carol> SET anabranch.task = 'c';
carol> /* orphan */ DELETE FROM parent p WHERE id = 2 AND NOT EXISTS (SELECT FROM child c WHERE c.parent = p.id);
dave> SET anabranch.task = 'd';
dave> /* merged */ MERGE INTO target t USING source s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.v);
-- main
INSERT INTO sale VALUES (3, 1, 7), (4, 3, 1);
INSERT INTO child VALUES (2, 2);
UPDATE source SET v = 9 WHERE id = 1;
-- check
report-one: changed
report-two: holds by predicate
orphan: changed
merged: changed
-- promote
outcome: partial
landed: 1
held: 3
-- main has
SELECT region, n FROM report
= 2, 5

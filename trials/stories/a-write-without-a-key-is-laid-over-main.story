-- story: what the branch wrote to a table without a key counts when a question is asked again
-- base
CREATE TABLE reading (n int, v jsonb);
ALTER TABLE reading REPLICA IDENTITY FULL;
CREATE TABLE sensor (id int PRIMARY KEY, n int);
INSERT INTO reading VALUES (1, '{"a": 1.0}'), (1, '{"a": 1}'), (9, NULL);
INSERT INTO sensor VALUES (1, 5);
-- branch
alice> UPDATE reading SET n = 5 WHERE v ->> 'a' = '1';
alice> DELETE FROM reading WHERE v IS NULL;
alice> joined: SELECT count(*) FROM reading JOIN sensor USING (n);
alice> left: SELECT v FROM reading WHERE n = 1 AND EXISTS (SELECT 1 FROM sensor s WHERE s.n < 9 AND s.n <> 3);
-- main
UPDATE sensor SET n = 1 WHERE id = 1;
-- check
joined: holds by rerun
left: holds by rerun

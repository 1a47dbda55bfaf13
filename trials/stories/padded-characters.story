-- story: char(n) compares without its padding, and LIKE sees it
-- base
CREATE TABLE code (id int PRIMARY KEY, c char(3));
INSERT INTO code VALUES (1, 'a'), (2, 'ab'), (3, 'abc');
-- branch
alice> equal: SELECT count(*) FROM code WHERE c = 'a';
alice> like: SELECT count(*) FROM code WHERE c LIKE 'a';
alice> like-padded: SELECT count(*) FROM code WHERE c LIKE 'a  ';
-- main
INSERT INTO code VALUES (4, 'a  ');
-- check
equal: changed 1 -> 2
like: holds
like-padded: changed 1 -> 2

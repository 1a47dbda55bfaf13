-- story: DISTINCT does not change when one of two equal rows goes
-- base
CREATE TABLE visit (id int PRIMARY KEY, page text);
INSERT INTO visit VALUES (1, 'home'), (2, 'home'), (3, 'about');
-- branch
alice> pages: SELECT DISTINCT page FROM visit ORDER BY page;
alice> about: SELECT DISTINCT page FROM visit WHERE page <> 'home';
-- main
DELETE FROM visit WHERE id = 2;
-- check
pages: holds by rerun
about: holds by predicate

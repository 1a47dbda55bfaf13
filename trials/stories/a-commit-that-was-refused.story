-- story: A COMMIT was refused for what its statements had put off
-- base
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE r (what text PRIMARY KEY);
-- branch
ann> SET anabranch.task = 'ann';
ann> BEGIN;
ann> INSERT INTO c VALUES (1, 9);
ann!> COMMIT /* still */;
ann> INSERT INTO r VALUES ('no 9');
bob> SET anabranch.task = 'bob';
bob> BEGIN;
bob> INSERT INTO c VALUES (2, 8);
bob!> COMMIT /* otherwise */;
bob> INSERT INTO r VALUES ('no 8');
-- main
INSERT INTO p VALUES (8);
-- check
still: holds
otherwise: changed
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT what FROM r
= no 9

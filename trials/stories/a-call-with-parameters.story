-- story: A CALL with parameters is executed again
-- base
CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL);
CREATE TABLE fee (kind text PRIMARY KEY, amount int NOT NULL);
INSERT INTO account VALUES (1, 100), (2, 200), (3, 300);
INSERT INTO fee VALUES ('card', 2), ('cash', 0);
CREATE PROCEDURE pay(who int, sum int, means text, INOUT rest int) LANGUAGE plpgsql AS $$ BEGIN
  UPDATE account SET balance = balance - sum - (SELECT amount FROM fee WHERE kind = means) WHERE id = who RETURNING balance INTO rest;
END $$;
-- branch
one> SET anabranch.task = 'one';
one> one: CALL pay(1, 10, 'card', NULL);
three> SET anabranch.task = 'three';
three> three(3, card): CALL pay(?, 30, means => ?, rest => NULL);
two> SET anabranch.task = 'two';
two> two(2, 20, cash): CALL pay(?, ?, ?, null);
-- main
UPDATE fee SET amount = 1 WHERE kind = 'cash';
-- check
one: holds
two: changed
three: holds
-- promote
outcome: partial
landed: 2
held: 1
-- main has
SELECT id, balance FROM account ORDER BY id;
= 1, 88
= 2, 200
= 3, 268
-- check
one: holds
three: holds

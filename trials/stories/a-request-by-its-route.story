-- story: Requests are told by the route in their statements' comments, each by itself
-- base
CREATE TABLE refund (id int PRIMARY KEY, amount int NOT NULL);
CREATE TABLE budget (id int PRIMARY KEY, rest int NOT NULL);
INSERT INTO budget VALUES (1, 100), (2, 100);
-- branch
app> BEGIN;
app> rest: SELECT rest FROM budget WHERE id = 1 /*route='POST%20%2Frefunds',traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/;
app> INSERT INTO refund VALUES (1, 30) /*route='POST%20%2Frefunds',traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/;
app> COMMIT;
app> INSERT INTO refund VALUES (2, 5) /*controller='refunds',action='import',traceparent='00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/;
-- main
UPDATE budget SET rest = 10 WHERE id = 1;
-- promote dry run
outcome: partial
task: POST /refunds: held 1
task: refunds#import: landed 1
fact: answer rest
-- promote
decide: task POST /refunds = accept
outcome: landed
landed: 2
task: POST /refunds: landed 1
task: refunds#import: landed 1

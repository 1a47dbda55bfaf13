-- story: The day of an answer ends at its session's midnight, wherever that is
-- base
CREATE TABLE t (id int PRIMARY KEY, day date);
INSERT INTO t SELECT n, (now() AT TIME ZONE 'Asia/Kolkata')::date + n FROM generate_series(-5, 5) n;
-- branch
ann> SET timezone = 'Asia/Kolkata';
ann> today: SELECT id FROM t WHERE day = current_date;
ann> left: SELECT id, day - current_date FROM t;
ann> thrice: SELECT id FROM t WHERE day > current_date + 2;
bob> SET timezone = 'Pacific/Kiritimati';
bob> today-there: SELECT count(*) FROM t WHERE day <= current_date;
bob> word: SELECT count(*) FROM t WHERE day > 'yesterday';
-- flips
today: SELECT ((now() AT TIME ZONE 'Asia/Kolkata')::date + 1)::timestamp AT TIME ZONE 'Asia/Kolkata'
left: SELECT ((now() AT TIME ZONE 'Asia/Kolkata')::date + 1)::timestamp AT TIME ZONE 'Asia/Kolkata'
thrice: SELECT ((now() AT TIME ZONE 'Asia/Kolkata')::date + 1)::timestamp AT TIME ZONE 'Asia/Kolkata'
today-there: SELECT ((now() AT TIME ZONE 'Pacific/Kiritimati')::date + 1)::timestamp AT TIME ZONE 'Pacific/Kiritimati'
word: SELECT ((now() AT TIME ZONE 'Pacific/Kiritimati')::date + 1)::timestamp AT TIME ZONE 'Pacific/Kiritimati'

-- Answers as AnswerBatch writes them, many in a row: 16,000 rows a second cost the control database more than all else that the
-- gateway did for them. An answer's number is its row's first_id and its place in it.

CREATE TABLE answer_batch (
  branch_id  bigint NOT NULL,
  first_id   bigint NOT NULL,
  count      integer NOT NULL,
  -- Of the first answer: a session never ends two statements at one tick.
  session    uuid NOT NULL,
  tick       bigint NOT NULL,
  last_tick  bigint NOT NULL,
  answers    bytea NOT NULL,
  PRIMARY KEY (branch_id, first_id),
  UNIQUE (branch_id, session, tick)
);
ALTER TABLE answer_batch ALTER answers SET STORAGE EXTERNAL;

-- Numbers of answers, which are taken by the batch.
CREATE SEQUENCE answer_number;
SELECT setval('answer_number', max(id)) FROM answer HAVING max(id) IS NOT NULL;

CREATE FUNCTION pg_temp.field(value bytea) RETURNS bytea LANGUAGE sql
  AS $$ SELECT coalesce(int4send(octet_length(value)) || value, int4send(-1)) $$;
CREATE FUNCTION pg_temp.field(value text) RETURNS bytea LANGUAGE sql AS $$ SELECT pg_temp.field(convert_to(value, 'UTF8')) $$;
CREATE FUNCTION pg_temp.field(value bigint) RETURNS bytea LANGUAGE sql AS $$ SELECT pg_temp.field(int8send(value)) $$;
CREATE FUNCTION pg_temp.field(value boolean) RETURNS bytea LANGUAGE sql AS $$ SELECT pg_temp.field(boolsend(value)) $$;
CREATE FUNCTION pg_temp.field(value timestamptz) RETURNS bytea LANGUAGE sql AS $$ SELECT pg_temp.field(timestamptz_send(value)) $$;

INSERT INTO answer_batch
SELECT branch_id, id, 1, session, span_end, span_end,
  pg_temp.field(uuid_send(session)) || pg_temp.field(task) || pg_temp.field(transaction) || pg_temp.field(transaction_began)
  || pg_temp.field(span_begin) || pg_temp.field(span_end) || pg_temp.field(own_writes::text) || pg_temp.field(sql)
  || pg_temp.field(parameters::text) || pg_temp.field(settings::text) || pg_temp.field(columns::text) || pg_temp.field(row_count)
  || pg_temp.field(complete) || pg_temp.field(comparable) || pg_temp.field(ordered_digest) || pg_temp.field(bag_digest)
  || pg_temp.field(rows::text) || pg_temp.field(command_tag) || pg_temp.field(asked_at) || pg_temp.field(withheld_since)
FROM answer;

DROP FUNCTION pg_temp.field(timestamptz);
DROP FUNCTION pg_temp.field(boolean);
DROP FUNCTION pg_temp.field(bigint);
DROP FUNCTION pg_temp.field(text);
DROP FUNCTION pg_temp.field(bytea);
DROP TABLE answer;

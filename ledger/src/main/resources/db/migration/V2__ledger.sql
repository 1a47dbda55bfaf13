-- The ledger: what was asked of branches and what was written on them. Rows are added, never changed.

CREATE TABLE answer (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  branch_id         bigint NOT NULL,
  session           uuid NOT NULL,
  task              text NOT NULL,
  transaction       bigint NOT NULL,
  transaction_began bigint NOT NULL,
  span_begin        bigint NOT NULL,
  span_end          bigint NOT NULL,
  own_writes        json NOT NULL,
  sql               text NOT NULL,
  parameters        json NOT NULL,
  settings          json NOT NULL,
  columns           json NOT NULL,
  row_count         bigint NOT NULL,
  complete          boolean NOT NULL,
  comparable        boolean NOT NULL,
  ordered_digest    bigint NOT NULL,
  bag_digest        bigint NOT NULL,
  rows              json,
  command_tag       text NOT NULL,
  asked_at          timestamptz NOT NULL,
  -- A session never ends two statements at one tick: what makes writing again after a lost connection harmless.
  UNIQUE (branch_id, session, span_end)
);

CREATE TABLE ending (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  branch_id      bigint NOT NULL,
  session        uuid NOT NULL,
  task           text NOT NULL,
  transaction    bigint NOT NULL,
  kind           text NOT NULL,
  span_begin     bigint NOT NULL,
  span_end       bigint NOT NULL,
  sent_at        timestamptz NOT NULL,
  done_at        timestamptz NOT NULL,
  transaction_id bigint,
  position_after pg_lsn,
  UNIQUE (branch_id, session, transaction)
);

CREATE TABLE unit (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  branch_id      bigint NOT NULL,
  transaction_id bigint NOT NULL,
  commit_lsn     pg_lsn NOT NULL,
  committed_at   timestamptz NOT NULL,
  shapes         json NOT NULL,
  UNIQUE (branch_id, commit_lsn)
);

-- A unit's writes in pieces of bounded size, so that a bulk load fits.
CREATE TABLE unit_writes (
  unit_id bigint NOT NULL REFERENCES unit,
  piece   integer NOT NULL,
  writes  json NOT NULL,
  PRIMARY KEY (unit_id, piece)
);

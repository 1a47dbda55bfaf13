-- Main's committed changes, kept as the newest image of each changed key.

-- One row: how far main's log has been read.
CREATE TABLE feed_progress (
  only_row         boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  slot             text NOT NULL,
  system_id        text NOT NULL,
  -- The log has been read without a gap from here ...
  continuous_since pg_lsn NOT NULL,
  -- ... to here: every commit that ends at or below it is in the tables below.
  applied          pg_lsn NOT NULL,
  -- Images that only older fork points need are gone.
  forgotten        pg_lsn NOT NULL
);

CREATE TABLE feed_table (
  table_oid        bigint PRIMARY KEY,
  schema_name      text NOT NULL,
  table_name       text NOT NULL,
  -- Every change committed after it is known; null while the table is not watched, with the reason.
  since            pg_lsn,
  why_not          text NOT NULL DEFAULT '',
  -- The newest commit that changed it in a way that is no set of keyed rows.
  touched          pg_lsn,
  touched_why      text NOT NULL DEFAULT '',
  -- The layout of its images.
  column_numbers   integer[] NOT NULL,
  column_names     text[] NOT NULL,
  column_types     bigint[] NOT NULL,
  column_modifiers integer[] NOT NULL,
  column_in_key    boolean[] NOT NULL
);

-- No foreign key to feed_table: rows come by the ten thousand, and one writer keeps both.
CREATE TABLE feed_row (
  table_oid bigint NOT NULL,
  -- The encoded key, or its digest when it is too long for an index; then the whole of it is in long_key.
  key       bytea NOT NULL,
  long_key  bytea,
  -- The encoded image; null when the row is gone.
  image     bytea,
  lsn       pg_lsn NOT NULL,
  PRIMARY KEY (table_oid, key)
) WITH (fillfactor = 70);

-- Promotions seen in main's own log.
CREATE TABLE feed_marker (
  promotion text PRIMARY KEY,
  lsn       pg_lsn NOT NULL
);

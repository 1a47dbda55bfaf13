-- Raw copies of the mirror, from which main can be had again as it was. A row is written before the first file and removed
-- after the last.

CREATE TABLE history_bases (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The end of the last record in its files; null while it is being made.
  position pg_lsn,
  -- Where recovery of a copy starts.
  redo     pg_lsn,
  -- Main's clock after that: every commit inside was before.
  taken_at timestamptz,
  timeline bigint,
  CHECK ((position IS NULL) = (taken_at IS NULL) AND (position IS NULL) = (redo IS NULL)
    AND (position IS NULL) = (timeline IS NULL))
);

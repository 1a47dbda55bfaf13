-- Tables of main that somebody keeps out of the feed's publication, by OID and by name: one of them stays the same
-- when the table is renamed, the other when it is made anew.
CREATE TABLE feed_left_out (
  table_oid  bigint PRIMARY KEY,
  table_name text NOT NULL
);

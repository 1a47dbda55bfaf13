-- When main committed, for people: the newest commit that the feed stored of each ten seconds.
CREATE TABLE feed_moment (
  ten_seconds  bigint PRIMARY KEY,
  lsn          pg_lsn NOT NULL,
  committed_at timestamptz NOT NULL
);

CREATE INDEX feed_moment_lsn ON feed_moment (lsn);

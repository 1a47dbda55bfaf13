-- What a database's definitions were when a golden image was cut: as main had them, and as its branches start.
CREATE TABLE fork_schemas (
  fork_lsn pg_lsn NOT NULL,
  side     text NOT NULL CHECK (side IN ('MAIN', 'BRANCH')),
  body     jsonb NOT NULL,
  PRIMARY KEY (fork_lsn, side)
);

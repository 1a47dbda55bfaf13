-- What the server must find again after a restart.

-- Tells this Anabranch's objects on main from another's. One row.
CREATE TABLE identity (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  id  text NOT NULL
);

-- The embedded main's password and port, so that its URL stays the same. One row at most.
CREATE TABLE embedded_main (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  password text NOT NULL,
  port     integer NOT NULL
);

-- What the catalogs said at each fork point: main's, and a new branch's.
CREATE TABLE fork_schemas (
  fork_lsn pg_lsn NOT NULL,
  kind     text NOT NULL CHECK (kind IN ('AS_MAIN', 'AS_BRANCH')),
  snapshot jsonb NOT NULL,
  PRIMARY KEY (fork_lsn, kind)
);

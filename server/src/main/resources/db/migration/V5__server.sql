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

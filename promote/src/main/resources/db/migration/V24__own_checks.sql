-- Checks of the users' own: queries that must return no row on main as a promotion would leave it. All that are here are run.
CREATE TABLE own_checks (
  name     text PRIMARY KEY,
  sql      text NOT NULL,
  who      text NOT NULL,
  set_at   timestamptz NOT NULL
);

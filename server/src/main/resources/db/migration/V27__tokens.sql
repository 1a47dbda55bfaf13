-- Who may do what over HTTP. Of a token only a hash is kept; one that was revoked stays, so that its id is never
-- another's.
CREATE TABLE tokens (
  id         text PRIMARY KEY,
  name       text NOT NULL,
  hash       text NOT NULL,
  rights     text[] NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz
);

-- Who is told when an answer stops to hold, or holds again. The secret is sealed.
CREATE TABLE webhooks (
  id           text PRIMARY KEY,
  branch       text NOT NULL,                   -- '' for every branch
  url          text NOT NULL,
  secret       text NOT NULL,
  who          text NOT NULL,
  set_at       timestamptz NOT NULL,
  last_at      timestamptz,                     -- of the last attempt to tell something
  last_outcome text,
  last_why     text,
  UNIQUE (branch, url)
);

-- What each was told of a life of a branch; and what it is to be told next, which is tried until it arrives or is given
-- up. Nothing else of that life is told before.
CREATE TABLE webhook_branches (
  webhook  text NOT NULL REFERENCES webhooks ON DELETE CASCADE,
  branch   bigint NOT NULL,
  broken   bigint[] NOT NULL DEFAULT '{}',      -- answers that do not hold, as was told
  delivery text,
  body     text,
  becomes  bigint[],                            -- the same, once this has arrived
  attempts int NOT NULL DEFAULT 0,
  due_at   timestamptz,
  PRIMARY KEY (webhook, branch)
);

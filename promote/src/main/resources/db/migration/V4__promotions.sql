-- Every promotion, whatever became of it. A row in state 'applying' whose transaction id is known may or may not be on main;
-- main's own log tells, and no other promotion of the branch begins before it is told.
CREATE TABLE promotions (
  id                text PRIMARY KEY,
  branch_id         bigint NOT NULL,
  branch_name       text NOT NULL,
  state             text NOT NULL CHECK (state IN ('applying', 'landed', 'not_landed')),
  unit_ids          bigint[] NOT NULL,
  plan_digest       text NOT NULL,
  main_system       text NOT NULL,
  main_xid          bigint,
  committed_lsn     text,
  renumberings      jsonb NOT NULL DEFAULT '[]',
  receipt           jsonb,
  started_at        timestamptz NOT NULL,
  ended_at          timestamptz
);
CREATE UNIQUE INDEX promotions_one_at_a_time ON promotions (branch_id) WHERE state = 'applying';
CREATE INDEX promotions_of_branch ON promotions (branch_id, started_at);

-- What a promotion did to main's rows, so that it can be undone: in batches of rows, each with its cells before and after. Written
-- before main is asked to commit, and gone when it did not.
CREATE TABLE promotion_writes (
  promotion_id  text NOT NULL REFERENCES promotions ON DELETE CASCADE,
  batch         integer NOT NULL,
  rows          text NOT NULL,
  PRIMARY KEY (promotion_id, batch)
);
-- Read once, if ever: compressing it would cost more than the promotion itself.
ALTER TABLE promotion_writes ALTER COLUMN rows SET STORAGE EXTERNAL;

-- An undoing is a promotion of its own: undoes names the one whose units it took back. footing is what it stood on when it wrote; a
-- promotion without it wrote nothing, or was made by a version that kept no rows.
ALTER TABLE promotions
  ADD COLUMN undoes text REFERENCES promotions,
  ADD COLUMN footing jsonb;
CREATE INDEX promotions_undone ON promotions (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX promotions_of_name ON promotions (branch_name, started_at);

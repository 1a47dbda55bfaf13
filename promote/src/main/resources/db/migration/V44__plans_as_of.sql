-- A plan that was shown before this has no position: nothing counts as known of what it accepted.
ALTER TABLE plans ADD COLUMN as_of text NOT NULL DEFAULT '0/0';
ALTER TABLE plans ALTER COLUMN as_of DROP DEFAULT;

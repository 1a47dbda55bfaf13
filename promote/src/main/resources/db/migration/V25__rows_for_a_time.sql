-- Since when the rows of a promotion are gone by which it could have been undone; null while they are kept.
ALTER TABLE promotions ADD COLUMN rows_gone_at timestamptz;
CREATE INDEX promotions_with_rows ON promotions (ended_at) WHERE state = 'landed' AND footing IS NOT NULL AND rows_gone_at IS NULL;

-- The life of a branch: whose it is, whether it is protected, how it is kept after its deletion, and what it began as.

ALTER TABLE branches
  ADD COLUMN owner text NOT NULL DEFAULT '',
  ADD COLUMN protected boolean NOT NULL DEFAULT false,
  -- A deleted branch has given up its name and keeps everything else for a while.
  ADD COLUMN former_name text,
  ADD COLUMN deleted_at timestamptz,
  -- The parent's life; its name changes, and it may be gone. The column parent has the name it had then.
  ADD COLUMN parent_id bigint;

UPDATE branches b SET parent_id = (SELECT p.id FROM branches p WHERE p.name = b.parent) WHERE b.parent IS NOT NULL;

ALTER TABLE branches DROP CONSTRAINT branches_state_check;
ALTER TABLE branches ADD CONSTRAINT branches_state_check
  CHECK (state IN ('CREATING', 'HOT', 'COLD', 'READY', 'SUSPENDED', 'DELETED', 'DELETING'));
ALTER TABLE branches ADD CONSTRAINT branches_deleted
  CHECK (state <> 'DELETED' OR (name IS NULL AND former_name IS NOT NULL AND deleted_at IS NOT NULL));

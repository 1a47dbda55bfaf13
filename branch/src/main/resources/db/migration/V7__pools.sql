-- Spares: branches that nobody has named yet, running (HOT) or not (COLD).

ALTER TABLE branches DROP CONSTRAINT branches_state_check;
ALTER TABLE branches ADD CONSTRAINT branches_state_check
  CHECK (state IN ('CREATING', 'HOT', 'COLD', 'READY', 'SUSPENDED', 'DELETING'));
ALTER TABLE branches ADD CONSTRAINT branches_named CHECK (state NOT IN ('HOT', 'COLD') OR name IS NULL);

-- What of a transaction was rolled back to its savepoints; of older ones that is not known.
ALTER TABLE ending ADD COLUMN undone text NOT NULL DEFAULT '';
UPDATE ending SET undone = '?' WHERE kind <> 'COMMITTED';

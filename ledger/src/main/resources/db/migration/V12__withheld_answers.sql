-- An answer that its session kept out: that it was given is recorded, what was asked and answered is not.
ALTER TABLE answer ADD COLUMN withheld_since timestamptz;

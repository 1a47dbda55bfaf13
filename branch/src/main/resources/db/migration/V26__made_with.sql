-- The token that a branch was made with: who holds that is shown its password. Empty for none in particular.
ALTER TABLE branches ADD COLUMN made_with text NOT NULL DEFAULT '';

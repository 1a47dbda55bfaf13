-- The checks of the users' own that a plan was shown with, by name: who approves the plan is held to them.
ALTER TABLE plans ADD COLUMN checks jsonb NOT NULL DEFAULT '{}';

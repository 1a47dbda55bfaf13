-- What belongs together on a branch where nobody named a task.
ALTER TABLE branches ADD COLUMN task_by text NOT NULL DEFAULT 'window'
  CHECK (task_by IN ('window', 'session', 'transaction', 'branch'));

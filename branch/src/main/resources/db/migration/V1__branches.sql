-- Golden images and branches. A row is written before the first file of the thing it names and removed after the last,
-- so that a start after a crash can tell what is whole from what is rubble.

CREATE TABLE golden_images (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  state         text NOT NULL CHECK (state IN ('CUTTING', 'WHOLE')),
  fork_lsn      pg_lsn,
  fork_time     timestamptz,
  major         integer NOT NULL,
  database      text NOT NULL,
  main_settings jsonb NOT NULL,
  CHECK (state = 'CUTTING' OR (fork_lsn IS NOT NULL AND fork_time IS NOT NULL))
);

CREATE UNIQUE INDEX golden_images_fork_lsn ON golden_images (fork_lsn);

CREATE TABLE branches (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- null while a reset prepares the next life of a name that is still in use
  name        text UNIQUE,
  state       text NOT NULL CHECK (state IN ('CREATING', 'READY', 'SUSPENDED', 'DELETING')),
  golden_id   bigint REFERENCES golden_images (id),
  expires_at  timestamptz,
  parent      text,
  client_role text NOT NULL,
  password    text NOT NULL,
  ephemeral   boolean NOT NULL,
  created_at  timestamptz NOT NULL,
  CHECK (state = 'CREATING' OR golden_id IS NOT NULL)
);

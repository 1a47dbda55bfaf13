-- How long each piece is, in characters, so that nobody has to read a branch's writes to know whether there is room for them. Of older pieces it is not known.
ALTER TABLE unit_writes ADD COLUMN length bigint NOT NULL DEFAULT 0;

-- From where on the numbers of a life's sequences are its work's own, where that is not where the sequences of its golden
-- image stood: numbers that it has brought along from the life before, and that main had not given out.
CREATE TABLE sequence_starts (
  branch_id bigint NOT NULL,
  sequence  bigint NOT NULL,                    -- its OID
  after     bigint NOT NULL,
  PRIMARY KEY (branch_id, sequence)
);

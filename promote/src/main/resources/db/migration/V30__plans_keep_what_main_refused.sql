ALTER TABLE plans ADD COLUMN rejections jsonb NOT NULL DEFAULT '[]';

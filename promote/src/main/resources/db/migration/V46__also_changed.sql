-- By the units of a promotion, the tables (OIDs) of which they wrote what main had changed as well by then: taking
-- them off a copy of main does not bring back what main had there. NULL: it was not kept.
ALTER TABLE promotions ADD COLUMN also_changed jsonb;

-- Answers come by the thousand and are looked up by their branch alone. Counting what is in them again and again took the control
-- database longer than writing them.
ALTER TABLE answer SET (autovacuum_analyze_threshold = 1000000, autovacuum_analyze_scale_factor = 1,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_vacuum_insert_scale_factor = 1);
ALTER TABLE ending SET (autovacuum_analyze_threshold = 1000000, autovacuum_analyze_scale_factor = 1,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_vacuum_insert_scale_factor = 1);

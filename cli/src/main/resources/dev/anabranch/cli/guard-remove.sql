-- Takes away what `anabranch main guard` made.
BEGIN;
SET LOCAL client_min_messages = warning;
DROP EVENT TRIGGER IF EXISTS anabranch_guard;
DROP FUNCTION IF EXISTS public.anabranch_guard();
COMMIT;

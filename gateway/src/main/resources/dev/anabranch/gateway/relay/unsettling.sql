-- What of a database may change a session's settings, or make temporary tables, behind the words of a statement.
-- It begins with functions of users whose body may set something, make a table, or run a text of its own making, and
-- goes on to what depends on what was found (pg_depend), what holds that (a trigger's table, a rule's view), what
-- cascades into it, and functions whose body names it. A function in another language than SQL and PL/pgSQL can't be
-- read and counts; those in C come with extensions and do not.
WITH RECURSIVE routine AS MATERIALIZED (
  SELECT p.oid, pg_catalog.lower(p.prosrc) AS source, l.lanname,
    pg_catalog.regexp_replace(pg_catalog.lower(p.prosrc), '--[^\n]*|/\*([^*]|\*+[^*/])*\*+/', ' ', 'g') AS plain
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE p.oid >= 16384 AND l.lanname NOT IN ('c', 'internal')
    AND p.pronamespace IS DISTINCT FROM pg_catalog.to_regnamespace('anabranch')::pg_catalog.oid),
found (class, object, makes) AS (
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, oid,
    lanname NOT IN ('sql', 'plpgsql') OR source ~ '\m(execute|create|alter|drop|import)\M'
  FROM routine
  WHERE lanname NOT IN ('sql', 'plpgsql')
    OR source ~ '\m(set_config|isolation|temp|temporary|pg_temp|execute|create|alter|drop|import|discard|do|call|set_limit)\M'
    OR source ~ '\m(query_to_xml|query_to_xmlschema|query_to_xml_and_xmlschema|ts_stat|ts_rewrite)\M'
    OR (lanname = 'sql' AND source ~ '\mselect\M.*\minto\M')
    OR source ~ '(^|;|>>|\m(begin|then|else|loop)\M)\s*(set|reset)\s'
    OR plain ~ '(^|;|>>|\m(begin|then|else|loop)\M)\s*(set|reset)\s'
  UNION
  SELECT next.class, next.object, found.makes
  FROM found CROSS JOIN LATERAL (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
    WHERE d.refclassid = found.class AND d.refobjid = found.object AND d.deptype <> 'e'
      AND NOT (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.classid IN (
        'pg_catalog.pg_constraint'::pg_catalog.regclass, 'pg_catalog.pg_attrdef'::pg_catalog.regclass))
    UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, ev_class FROM pg_catalog.pg_rewrite
    WHERE found.class = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND oid = found.object
    UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, adrelid FROM pg_catalog.pg_attrdef
    WHERE found.class = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND oid = found.object
    UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, tgrelid FROM pg_catalog.pg_trigger
    WHERE found.class = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND oid = found.object
    UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, polrelid FROM pg_catalog.pg_policy
    WHERE found.class = 'pg_catalog.pg_policy'::pg_catalog.regclass AND oid = found.object
    UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, conrelid FROM pg_catalog.pg_constraint
    WHERE found.class = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND oid = found.object AND conrelid <> 0
    UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, contypid FROM pg_catalog.pg_constraint
    WHERE found.class = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND oid = found.object AND contypid <> 0
    UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, confrelid FROM pg_catalog.pg_constraint
    WHERE found.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND conrelid = found.object AND contype = 'f'
      AND (confdeltype NOT IN ('a', 'r') OR confupdtype NOT IN ('a', 'r'))
    UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, inhparent FROM pg_catalog.pg_inherits
    WHERE found.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND inhrelid = found.object
    UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, indrelid FROM pg_catalog.pg_index
    WHERE found.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND indexrelid = found.object
    UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, routine.oid FROM routine
    WHERE pg_catalog.strpos(routine.source, pg_catalog.lower(CASE found.class
      WHEN 'pg_catalog.pg_proc'::pg_catalog.regclass
        THEN (SELECT proname::pg_catalog.text FROM pg_catalog.pg_proc WHERE oid = found.object)
      WHEN 'pg_catalog.pg_class'::pg_catalog.regclass
        THEN (SELECT relname::pg_catalog.text FROM pg_catalog.pg_class WHERE oid = found.object)
      WHEN 'pg_catalog.pg_type'::pg_catalog.regclass
        THEN (SELECT typname::pg_catalog.text FROM pg_catalog.pg_type WHERE oid = found.object)
      WHEN 'pg_catalog.pg_operator'::pg_catalog.regclass
        THEN (SELECT oprname::pg_catalog.text FROM pg_catalog.pg_operator WHERE oid = found.object)
      END)) > 0
  ) next (class, object)),
named (name, makes) AS (
  SELECT p.proname::pg_catalog.text, makes FROM found JOIN pg_catalog.pg_proc p ON p.oid = object
  WHERE class = 'pg_catalog.pg_proc'::pg_catalog.regclass
  UNION SELECT c.relname::pg_catalog.text, makes FROM found JOIN pg_catalog.pg_class c ON c.oid = object
  WHERE class = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.relkind NOT IN ('i', 'I', 't')
  UNION SELECT t.typname::pg_catalog.text, makes FROM found JOIN pg_catalog.pg_type t ON t.oid = object
  WHERE class = 'pg_catalog.pg_type'::pg_catalog.regclass),
code (source) AS (
  SELECT prosrc FROM pg_catalog.pg_proc WHERE oid >= 16384 AND prosrc ~* 'current_setting|set_config|\mset\M'
  UNION ALL SELECT pg_catalog.pg_get_expr(polqual, polrelid) FROM pg_catalog.pg_policy
  UNION ALL SELECT pg_catalog.pg_get_expr(polwithcheck, polrelid) FROM pg_catalog.pg_policy
  UNION ALL SELECT pg_catalog.pg_get_expr(adbin, adrelid) FROM pg_catalog.pg_attrdef
  WHERE adbin::pg_catalog.text ~ ':funcid (2077|3294) '
  UNION ALL SELECT pg_catalog.pg_get_viewdef(ev_class) FROM pg_catalog.pg_rewrite
  WHERE ev_class >= 16384 AND ev_action::pg_catalog.text ~ ':funcid (2077|3294) ')
SELECT
  (SELECT pg_catalog.string_agg(DISTINCT name, pg_catalog.chr(1)) FROM named),
  (SELECT pg_catalog.string_agg(DISTINCT name, pg_catalog.chr(1)) FROM named WHERE makes),
  (SELECT pg_catalog.string_agg(DISTINCT o.oprname::pg_catalog.text, pg_catalog.chr(1))
   FROM found JOIN pg_catalog.pg_operator o ON o.oid = object
   WHERE class = 'pg_catalog.pg_operator'::pg_catalog.regclass),
  CASE WHEN EXISTS (SELECT FROM found WHERE class IN (
      'pg_catalog.pg_cast'::pg_catalog.regclass, 'pg_catalog.pg_opclass'::pg_catalog.regclass,
      'pg_catalog.pg_opfamily'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass))
    OR EXISTS (SELECT FROM named WHERE pg_catalog.strpos(name, pg_catalog.chr(1)) > 0)
    THEN 't' ELSE 'f' END,
  (SELECT pg_catalog.string_agg(DISTINCT pg_catalog.lower(coalesce(hit[1], hit[2])), pg_catalog.chr(1))
   FROM code CROSS JOIN LATERAL pg_catalog.regexp_matches(source,
     '''([A-Za-z_][A-Za-z0-9_$]*(?:\.[A-Za-z_][A-Za-z0-9_$]*)+)''|\m(?:set|local|session)\s+([a-z_][a-z0-9_$]*(?:\.[a-z_][a-z0-9_$]*)+)\s*(?:=|to)',
     'gi') AS hit)

package dev.anabranch.mainfeed.schema;

/** The catalog queries behind the definitions of a {@link SchemaSnapshot} that are no relations. */
final class DefinitionQueries {

  /**
   * User-defined objects one by one. Row types and array types of relations are left out. What a
   * type is made of, and what the type is made of that it is an array of, is in its version. The
   * code that keeps a branch's tables in its log, or guards main's, is none that a statement can
   * mean.
   */
  static final String DEFINITIONS =
      """
      WITH parts AS MATERIALIZED (
        SELECT enumtypid AS type, concat_ws(':', oid, xmin) AS version FROM pg_catalog.pg_enum
        UNION ALL
        SELECT contypid, concat_ws(':', oid, xmin) FROM pg_catalog.pg_constraint WHERE contypid <> 0
        UNION ALL
        SELECT rngtypid, xmin::text FROM pg_catalog.pg_range
        UNION ALL
        SELECT c.reltype, concat_ws(':', a.attnum, a.xmin) FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid WHERE c.relkind = 'c'),
      made AS MATERIALIZED (
        SELECT type, md5(string_agg(version, ',' ORDER BY version COLLATE "C")) AS version FROM parts GROUP BY type),
      types AS MATERIALIZED (
        SELECT t.oid, t.typname, t.typnamespace, t.typtype, e.typtype AS element,
               concat_ws(':', t.xmin, m.version, e.xmin, em.version) AS version
        FROM pg_catalog.pg_type t
        LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
        LEFT JOIN pg_catalog.pg_class c ON c.oid = greatest(t.typrelid, coalesce(e.typrelid, 0))
        LEFT JOIN made m ON m.type = t.oid
        LEFT JOIN made em ON em.type = e.oid
        WHERE t.oid >= 16384 AND (c.oid IS NULL OR c.relkind = 'c'))
      SELECT kind, found.oid::bigint AS oid, name, types, md5(concat_ws(':', version, n.nspname)) AS version
      FROM (
        SELECT 'ROUTINE' AS kind, p.oid, p.proname::text AS name, '' AS types, concat_ws(':', p.xmin, a.xmin) AS version, p.pronamespace AS schema
        FROM pg_catalog.pg_proc p LEFT JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
        UNION ALL
        SELECT 'CODE', p.oid,
               concat_ws(' ', CASE WHEN l.lanname NOT IN ('sql', 'plpgsql') OR p.prosrc ~* 'u&["'']' THEN '?' END,
                 (SELECT string_agg(DISTINCT lower(word[1] COLLATE "C"), ' ')
                  FROM pg_catalog.regexp_matches(p.prosrc, '[[:alpha:]_][[:alnum:]_$]*', 'g') AS word),
                 (SELECT string_agg(DISTINCT ('(' || o.oprname || ')') COLLATE "C", ' ') FROM pg_catalog.pg_operator o
                  WHERE o.oid >= 16384 AND pg_catalog.strpos(p.prosrc, o.oprname::text) > 0)),
               '', p.xmin::text, 0
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname NOT IN ('c', 'internal')
        WHERE p.oid >= 16384 AND p.prosrc <> ''
          AND (p.proname NOT IN ('anabranch_identify_tables', 'anabranch_on_command', 'anabranch_note_definitions', 'anabranch_note_drops') OR p.pronamespace <> 11)
          AND (p.proname <> 'anabranch_guard' OR p.prorettype <> 'pg_catalog.event_trigger'::pg_catalog.regtype)
        UNION ALL
        SELECT 'UNREAD', p.oid,
               concat_ws(' ',
                 (SELECT string_agg(DISTINCT ('(' || o.oprname || ')') COLLATE "C", ' ') FROM pg_catalog.pg_operator o WHERE o.oprcode = p.oid),
                 CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_depend d
                                   WHERE d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid = p.oid
                                     AND d.classid <> 'pg_catalog.pg_operator'::regclass) THEN '*' END),
               '', p.xmin::text, 0
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        WHERE p.oid >= 16384 AND p.prokind IN ('f', 'p', 'w') AND (l.lanname IN ('c', 'internal') OR p.prosrc = '')
          AND NOT (l.lanname = 'c' AND EXISTS (
            SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
              AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND (p.provolatile = 'i' OR e.extname IN (%s))))
        UNION ALL
        SELECT 'NAMESAKE', p.oid, p.proname::text, array_to_string(p.proargtypes::oid[], ','), p.xmin::text, p.pronamespace FROM pg_catalog.pg_proc p
        WHERE p.oid >= 16384 AND EXISTS (SELECT FROM pg_catalog.pg_proc b WHERE b.oid < 16384 AND b.proname = p.proname)
        UNION ALL
        SELECT 'NAMESAKE', o.oid, o.oprname::text, concat_ws(',', o.oprleft, o.oprright), o.xmin::text, o.oprnamespace FROM pg_catalog.pg_operator o
        WHERE o.oid >= 16384 AND EXISTS (SELECT FROM pg_catalog.pg_operator b WHERE b.oid < 16384 AND b.oprname = o.oprname)
        UNION ALL
        SELECT 'OPERATOR', oid, oprname, concat_ws(',', oprleft, oprright), xmin::text, oprnamespace FROM pg_catalog.pg_operator
        UNION ALL
        SELECT CASE castcontext WHEN 'i' THEN 'IMPLICIT_CAST' ELSE 'CAST' END, oid, '', concat_ws(',', castsource, casttarget), xmin::text, 0
        FROM pg_catalog.pg_cast
        UNION ALL
        SELECT CASE WHEN coalesce(element, typtype) IN ('b', 'e') THEN 'TYPE' ELSE 'COMPOUND_TYPE' END, oid, typname, oid::text, version, typnamespace
        FROM types
        UNION ALL
        SELECT 'COLLATION', oid, collname, '', concat_ws(':', xmin, collversion), collnamespace FROM pg_catalog.pg_collation
        UNION ALL
        SELECT 'OPERATOR_CLASS', o.oid, o.opcname, o.opcintype::text, o.xmin::text, o.opcnamespace FROM pg_catalog.pg_opclass o
        JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod AND m.amname IN ('btree', 'hash')
        UNION ALL
        SELECT 'OPERATOR_CLASS', o.oid, '', concat_ws(',', o.amoplefttype, o.amoprighttype), o.xmin::text, 0 FROM pg_catalog.pg_amop o
        JOIN pg_catalog.pg_am m ON m.oid = o.amopmethod AND m.amname IN ('btree', 'hash')
        UNION ALL
        SELECT 'OPERATOR_CLASS', o.oid, '', concat_ws(',', o.amproclefttype, o.amprocrighttype), o.xmin::text, 0 FROM pg_catalog.pg_amproc o
        JOIN pg_catalog.pg_opfamily f ON f.oid = o.amprocfamily
        JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod AND m.amname IN ('btree', 'hash')
        UNION ALL
        SELECT 'SEARCH', c.oid, c.cfgname, '',
               concat_ws(':', c.xmin, (SELECT md5(string_agg(concat_ws(':', m.maptokentype, m.mapseqno, m.xmin), ',' ORDER BY m.maptokentype, m.mapseqno))
                                       FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = c.oid)), c.cfgnamespace
        FROM pg_catalog.pg_ts_config c
        UNION ALL
        SELECT 'SEARCH', oid, dictname, '', xmin::text, dictnamespace FROM pg_catalog.pg_ts_dict
        UNION ALL
        SELECT 'CONVERSION', oid, conname, '', xmin::text, connamespace FROM pg_catalog.pg_conversion
      ) AS found LEFT JOIN pg_catalog.pg_namespace n ON n.oid = found.schema
      WHERE found.oid >= 16384
      ORDER BY kind COLLATE "C", found.oid
      """
          .formatted(TrustedExtensions.NAMES);

  /** The same catalogs' other rows, and what belongs to no object of one's own. */
  static final String BUILTINS =
      """
      SELECT kind || ':' || md5(string_agg(id || ':' || version, ',' ORDER BY id COLLATE "C", version COLLATE "C"))
      FROM (
        SELECT 'routine', oid::text, xmin::text FROM pg_catalog.pg_proc WHERE oid < 16384
        UNION ALL
        SELECT 'aggregate', aggfnoid::oid::text, xmin::text FROM pg_catalog.pg_aggregate WHERE aggfnoid::oid < 16384
        UNION ALL
        SELECT 'operator', oid::text, xmin::text FROM pg_catalog.pg_operator WHERE oid < 16384
        UNION ALL
        SELECT 'cast', oid::text, xmin::text FROM pg_catalog.pg_cast WHERE oid < 16384
        UNION ALL
        SELECT 'type', oid::text, xmin::text FROM pg_catalog.pg_type WHERE oid < 16384
        UNION ALL
        SELECT 'collation', oid::text, concat_ws(':', xmin, collversion) FROM pg_catalog.pg_collation WHERE oid < 16384
        UNION ALL
        SELECT 'opclass', oid::text, xmin::text FROM pg_catalog.pg_opclass WHERE oid < 16384
        UNION ALL
        SELECT 'amop', oid::text, xmin::text FROM pg_catalog.pg_amop WHERE oid < 16384
        UNION ALL
        SELECT 'amproc', oid::text, xmin::text FROM pg_catalog.pg_amproc WHERE oid < 16384
        UNION ALL
        SELECT 'conversion', oid::text, xmin::text FROM pg_catalog.pg_conversion WHERE oid < 16384
        UNION ALL
        SELECT 'search configuration', oid::text, xmin::text FROM pg_catalog.pg_ts_config WHERE oid < 16384
        UNION ALL
        SELECT 'search dictionary', oid::text, xmin::text FROM pg_catalog.pg_ts_dict WHERE oid < 16384
        UNION ALL
        SELECT 'search mapping', concat_ws(':', mapcfg, maptokentype, mapseqno), xmin::text FROM pg_catalog.pg_ts_config_map WHERE mapcfg < 16384
        UNION ALL
        SELECT 'setting', s.setrole::text, s.xmin::text FROM pg_catalog.pg_db_role_setting s
        WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database d
                                    WHERE d.datname = pg_catalog.current_database()))
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles o WHERE o.oid = s.setrole AND o.rolname IN ('anabranch_client', 'anabranch_member'))
      ) AS definitions (kind, id, version)
      GROUP BY kind
      ORDER BY kind COLLATE "C"
      """;

  private DefinitionQueries() {}
}

package dev.anabranch.mainfeed.schema;

/**
 * The catalog queries behind a {@link SchemaSnapshot}; each orders its rows, since order is part of
 * a fingerprint.
 */
public final class SchemaQueries {

  /**
   * A condition on {@code pg_namespace n}: not one of the system's schemas, not a temporary one.
   */
  public static final String USER_SCHEMA =
      """
      n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'\
      """;

  /**
   * Sequences are included for their parameters, partitioned tables and views for their
   * definitions.
   */
  static final String RELATIONS =
      """
      WITH noisy AS MATERIALIZED (
        SELECT tgrelid AS relation FROM pg_catalog.pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'
        UNION
        SELECT ev_class FROM pg_catalog.pg_rewrite WHERE ev_type <> '1'
        UNION
        SELECT d.adrelid FROM pg_catalog.pg_attrdef d
        JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> ''
        JOIN pg_catalog.pg_depend p ON p.classid = 'pg_catalog.pg_attrdef'::regclass AND p.objid = d.oid
                                   AND p.refclassid = 'pg_catalog.pg_proc'::regclass AND p.refobjid >= 16384
        UNION
        SELECT k.conrelid FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_depend p ON p.classid = 'pg_catalog.pg_constraint'::regclass AND p.objid = k.oid
                                   AND p.refclassid = 'pg_catalog.pg_proc'::regclass AND p.refobjid >= 16384
        WHERE k.contype = 'c' AND k.conrelid <> 0),
      followed AS MATERIALIZED (
        SELECT k.confrelid AS relation, array_agg(DISTINCT n.number) AS columns
        FROM pg_catalog.pg_constraint k CROSS JOIN LATERAL unnest(k.confkey) AS n (number)
        WHERE k.contype = 'f' AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd'))
        GROUP BY k.confrelid)
      SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
             concat_ws(':', 'class', c.oid, c.xmin, c.relfilenode) AS identity,
             concat_ws(':', c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
                       c.reloftype, c.reloptions::text) AS class,
             concat_ws(':', c.relowner, c.relacl::text) AS rights,
             c.relfilenode::text AS storage,
             NOT EXISTS (SELECT FROM noisy WHERE noisy.relation = c.oid) AS quiet,
             (SELECT followed.columns FROM followed WHERE followed.relation = c.oid) AS followed,
             c.relkind = 'm' AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisunique) AS refreshed_whole
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND %s
      ORDER BY c.oid
      """
          .formatted(USER_SCHEMA);

  /**
   * The row key is the primary key or else the oldest unique index that could be a replica
   * identity: a rule that gives the same columns on main and on a branch, whatever their replica
   * identities. Generated columns are in no image, so they are in no key.
   */
  public static final String KEY_COLUMNS =
      """
      SELECT DISTINCT ON (i.indrelid) i.indrelid AS relation, (i.indkey::int2[])[0:i.indnkeyatts - 1] AS columns
      FROM pg_catalog.pg_index i
      WHERE i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
            AND (NOT a.attnotnull OR a.attgenerated <> ''))
      ORDER BY i.indrelid, i.indisprimary DESC, i.indexrelid\
      """;

  private static final String DATABASE_COLLATION_IS_C =
      """
      SELECT CASE coalesce(to_jsonb(d) ->> 'datlocprovider', 'c')
               WHEN 'b' THEN true
               WHEN 'c' THEN d.datcollate IN ('C', 'POSIX')
               ELSE false
             END AS is_c,
             pg_catalog.pg_encoding_to_char(d.encoding) = 'UTF8' AS is_utf8
      FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()\
      """;

  static final String COLUMNS =
      """
      WITH keys AS MATERIALIZED (%s), database AS MATERIALIZED (%s),
      sequences AS MATERIALIZED (
        SELECT DISTINCT ON (d.refobjid, d.refobjsubid) d.refobjid, d.refobjsubid,
               quote_ident(n.nspname) || '.' || quote_ident(s.relname) AS sequence
        FROM pg_catalog.pg_depend d
        JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
        JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
          AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
        ORDER BY d.refobjid, d.refobjsubid, d.objid)
      SELECT a.attrelid AS relation, a.attnum AS number, a.attname AS name, a.atttypid AS type,
             a.atttypmod AS modifier, a.attisdropped AS dropped, a.attgenerated <> '' AS generated,
             a.attnotnull AS not_null,
             coalesce(a.attnum = ANY (k.columns), false) AS in_key,
             coalesce(l.collisdeterministic, true) AS deterministic,
             db.is_utf8 AND CASE l.collprovider
               WHEN 'd' THEN db.is_c
               WHEN 'b' THEN true
               WHEN 'c' THEN l.collcollate IN ('C', 'POSIX')
               ELSE false
             END AS is_c,
             coalesce(s.sequence, '') AS sequence,
             concat_ws(':', 'attribute', a.attnum, a.xmin) AS identity
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND %s
      CROSS JOIN database db
      LEFT JOIN keys k ON k.relation = a.attrelid
      LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
      LEFT JOIN sequences s ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
      WHERE a.attnum > 0
      ORDER BY a.attrelid, a.attnum
      """
          .formatted(KEY_COLUMNS, DATABASE_COLLATION_IS_C, USER_SCHEMA);

  /**
   * Everything else that hangs on a relation. Plain indexes are left out: they change speed, not
   * answers. Of publications only the feed's count, whose name starts with {@code anabranch}.
   */
  static final String RELATED =
      """
      SELECT relation, identity FROM (
        SELECT adrelid AS relation, concat_ws(':', 'default', oid, xmin) AS identity FROM pg_catalog.pg_attrdef
        UNION ALL
        SELECT r, concat_ws(':', 'constraint', t.oid, t.xmin)
        FROM pg_catalog.pg_constraint t CROSS JOIN LATERAL (SELECT conrelid UNION SELECT confrelid) AS ends (r)
        UNION ALL
        SELECT indrelid, concat_ws(':', 'index', indexrelid, xmin) FROM pg_catalog.pg_index
        WHERE indisunique OR indisexclusion OR indisreplident
        UNION ALL
        SELECT polrelid, concat_ws(':', 'policy', oid, xmin) FROM pg_catalog.pg_policy
        UNION ALL
        SELECT ev_class, concat_ws(':', 'rule', oid, xmin) FROM pg_catalog.pg_rewrite
        UNION ALL
        SELECT tgrelid, concat_ws(':', 'trigger', oid, xmin) FROM pg_catalog.pg_trigger
        UNION ALL
        SELECT r, concat_ws(':', 'inherits', t.inhparent, t.inhrelid, t.inhseqno, t.xmin)
        FROM pg_catalog.pg_inherits t CROSS JOIN LATERAL (SELECT inhparent UNION SELECT inhrelid) AS ends (r)
        UNION ALL
        SELECT partrelid, concat_ws(':', 'partitioned', partrelid, xmin) FROM pg_catalog.pg_partitioned_table
        UNION ALL
        SELECT ftrelid, concat_ws(':', 'foreign', ftserver, xmin) FROM pg_catalog.pg_foreign_table
        UNION ALL
        SELECT seqrelid, concat_ws(':', 'sequence', xmin) FROM pg_catalog.pg_sequence
        UNION ALL
        SELECT pr.prrelid, concat_ws(':', 'published', pr.oid, pr.xmin, p.oid, p.xmin)
        FROM pg_catalog.pg_publication_rel pr JOIN pg_catalog.pg_publication p ON p.oid = pr.prpubid
        WHERE p.pubname LIKE 'anabranch%'
      ) related
      WHERE relation >= 16384
      ORDER BY relation, identity
      """;

  /** Columns: table, what it is, its version. Triggers that don't fire don't count. */
  public static final String GUARDS =
      """
      SELECT t.tgrelid, 'trigger ' || t.tgname,
             concat_ws(':', t.oid, t.xmin, p.oid, p.xmin)
      FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
      WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
      UNION ALL
      SELECT polrelid, 'policy ' || polname, concat_ws(':', oid, xmin) FROM pg_catalog.pg_policy
      UNION ALL
      SELECT c.oid, 'row security', concat_ws(':', c.relrowsecurity, c.relforcerowsecurity)
      FROM pg_catalog.pg_class c WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p')
      UNION ALL
      SELECT c.oid, 'rights', md5(concat_ws(':', c.relowner, c.relacl,
             (SELECT string_agg(a.attnum || '=' || a.attacl::text, ',' ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)))
      FROM pg_catalog.pg_class c WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p')
      """;

  /** Columns: table, its columns, the table that they name rows of, by which columns. */
  static final String REFERENCES =
      """
      SELECT conrelid, array_to_string(conkey, ','), confrelid, array_to_string(confkey, ',')
      FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conrelid >= 16384
      ORDER BY conrelid, oid
      """;

  /**
   * The columns of which a sequence makes the values: identity columns, and integers whose default
   * is a bare nextval. Columns: table, column, sequence. The default is read without its table,
   * which would have to be locked to be named: somebody may keep a table to himself for hours. Only
   * a generated column's expression can't be read so, and is no default.
   */
  public static final String GENERATORS =
      """
      SELECT d.refobjid AS relation, d.refobjsubid AS number, s.oid AS sequence
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
        AND d.deptype = 'i' AND d.refobjsubid > 0
      UNION
      SELECT def.adrelid, def.adnum, s.oid
      FROM pg_catalog.pg_attrdef def
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = def.oid
      JOIN pg_catalog.pg_class s ON d.refclassid = 'pg_catalog.pg_class'::regclass AND s.oid = d.refobjid
        AND s.relkind = 'S'
      JOIN pg_catalog.pg_attribute a ON a.attrelid = def.adrelid AND a.attnum = def.adnum
        AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
      WHERE CASE WHEN a.attgenerated = ''
        THEN pg_catalog.pg_get_expr(def.adbin, 0) ~ '^nextval\\(''[^'']+''::regclass\\)$' END\
      """;

  /**
   * What may refuse a row because of another one. Columns: table, the columns that it compares,
   * those that its expressions and its condition read, and whether rows that differ in one of the
   * first, or have NULL there, never meet.
   */
  static final String UNIQUES =
      """
      SELECT i.indrelid, array_to_string((i.indkey::int2[])[0:i.indnkeyatts - 1], ','),
             coalesce((SELECT string_agg(DISTINCT d.refobjsubid::text, ',') FROM pg_catalog.pg_depend d
              WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
                AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0), ''),
             i.indexprs IS NULL AND NOT i.indisexclusion
               AND NOT coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
      FROM pg_catalog.pg_index i
      WHERE (i.indisunique OR i.indisexclusion) AND i.indrelid >= 16384
      ORDER BY i.indrelid, i.indexrelid
      """;

  /** One that was never asked stands before its start. */
  static final String SEQUENCES =
      """
      SELECT s.seqrelid, coalesce(pg_catalog.pg_sequence_last_value(s.seqrelid), s.seqstart - s.seqincrement)
      FROM pg_catalog.pg_sequence s
      JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid AND c.relpersistence = 'p'
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND %s
      """
          .formatted(USER_SCHEMA);

  /**
   * What a statement's meaning rests on besides relations, built-in objects included: they too can
   * be altered. Row types and array types of relations are left out, so that a new table elsewhere
   * changes nothing. One row for each catalog.
   */
  static final String ROUTINES =
      """
      SELECT kind || ':' || md5(string_agg(id || ':' || version, ',' ORDER BY id COLLATE "C", version COLLATE "C"))
      FROM (
        SELECT 'routine', oid::text, xmin::text FROM pg_catalog.pg_proc
        UNION ALL
        SELECT 'operator', oid::text, xmin::text FROM pg_catalog.pg_operator
        UNION ALL
        SELECT 'cast', oid::text, xmin::text FROM pg_catalog.pg_cast
        UNION ALL
        SELECT 'enum', oid::text, xmin::text FROM pg_catalog.pg_enum
        UNION ALL
        SELECT 'opclass', oid::text, xmin::text FROM pg_catalog.pg_opclass
        UNION ALL
        SELECT 'opfamily', oid::text, xmin::text FROM pg_catalog.pg_opfamily
        UNION ALL
        SELECT 'amop', oid::text, xmin::text FROM pg_catalog.pg_amop
        UNION ALL
        SELECT 'amproc', oid::text, xmin::text FROM pg_catalog.pg_amproc
        UNION ALL
        SELECT 'conversion', oid::text, xmin::text FROM pg_catalog.pg_conversion
        UNION ALL
        SELECT 'language', oid::text, xmin::text FROM pg_catalog.pg_language
        UNION ALL
        SELECT 'transform', oid::text, xmin::text FROM pg_catalog.pg_transform
        UNION ALL
        SELECT 'extension', oid::text, xmin::text FROM pg_catalog.pg_extension
        UNION ALL
        SELECT 'search configuration', oid::text, xmin::text FROM pg_catalog.pg_ts_config
        UNION ALL
        SELECT 'search dictionary', oid::text, xmin::text FROM pg_catalog.pg_ts_dict
        UNION ALL
        SELECT 'server', oid::text, xmin::text FROM pg_catalog.pg_foreign_server
        UNION ALL
        SELECT 'collation', oid::text, concat_ws(':', xmin, collversion) FROM pg_catalog.pg_collation
        UNION ALL
        SELECT 'type', t.oid::text, t.xmin::text FROM pg_catalog.pg_type t
        LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
        LEFT JOIN pg_catalog.pg_class c ON c.oid = greatest(t.typrelid, coalesce(e.typrelid, 0))
        WHERE c.oid IS NULL OR c.relkind = 'c'
        UNION ALL
        SELECT 'attribute', concat_ws(':', a.attrelid, a.attnum), a.xmin::text FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind = 'c'
        UNION ALL
        SELECT 'domain', oid::text, xmin::text FROM pg_catalog.pg_constraint WHERE contypid <> 0
        UNION ALL
        SELECT 'range', rngtypid::text, xmin::text FROM pg_catalog.pg_range
        UNION ALL
        SELECT 'aggregate', aggfnoid::oid::text, xmin::text FROM pg_catalog.pg_aggregate
        UNION ALL
        SELECT 'search mapping', concat_ws(':', mapcfg, maptokentype, mapseqno), xmin::text
        FROM pg_catalog.pg_ts_config_map
        UNION ALL
        SELECT 'setting', s.setrole::text, s.xmin::text FROM pg_catalog.pg_db_role_setting s
        WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database d
                                    WHERE d.datname = pg_catalog.current_database()))
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles o WHERE o.oid = s.setrole AND o.rolname IN ('anabranch_client', 'anabranch_member'))
      ) AS definitions (kind, id, version)
      GROUP BY kind
      ORDER BY kind COLLATE "C"
      """;

  private SchemaQueries() {}
}

package dev.anabranch.mainfeed.schema;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sums up the rows of every catalog that {@link SchemaReader} reads. */
final class VersionQuery {

  /**
   * A catalog.
   *
   * @param identity what tells its rows apart
   */
  private record Source(String catalog, String identity) {}

  /**
   * What tells the rows of a catalog that say what statements mean from those of temporary
   * relations, of storage and of statistics.
   */
  private static final Map<String, String> LASTING_ROWS =
      Map.ofEntries(
          Map.entry("pg_class", ofLasting("oid")),
          Map.entry("pg_attrdef", ofLasting("adrelid")),
          Map.entry("pg_constraint", ofLasting("conrelid")),
          Map.entry("pg_policy", ofLasting("polrelid")),
          Map.entry("pg_rewrite", ofLasting("ev_class")),
          Map.entry("pg_trigger", ofLasting("tgrelid")),
          Map.entry("pg_attribute", ofLasting("attrelid")),
          Map.entry("pg_index", "indisunique AND " + ofLasting("indrelid")),
          Map.entry("pg_inherits", ofLasting("inhrelid")),
          Map.entry("pg_partitioned_table", ofLasting("partrelid")),
          Map.entry("pg_sequence", ofLasting("seqrelid")),
          Map.entry("pg_namespace", "nspname !~ '^pg_(toast_)?temp_'"),
          Map.entry("pg_type", inLasting("typnamespace")),
          Map.entry("pg_proc", inLasting("pronamespace")),
          Map.entry(
              "pg_enum",
              "enumtypid NOT IN (SELECT oid FROM pg_catalog.pg_type WHERE typnamespace IN (SELECT"
                  + " oid FROM transient))"),
          // Tells which objects are an extension's; no statement means anything else by it.
          Map.entry("pg_depend", "false"));

  /** A relation's row is written anew whenever its storage is. */
  private static final String RELATION =
      "hashtextextended(concat_ws('|', oid, relname, relnamespace, relowner, relkind,"
          + " relrowsecurity, relforcerowsecurity, relacl, relispartition, relpartbound,"
          + " relispopulated), 0)";

  private static final List<Source> SOURCES =
      List.of(
          byOid("pg_class"),
          byOid("pg_attrdef"),
          byOid("pg_constraint"),
          byOid("pg_policy"),
          byOid("pg_rewrite"),
          byOid("pg_trigger"),
          byOid("pg_publication"),
          byOid("pg_publication_rel"),
          byOid("pg_namespace"),
          byOid("pg_proc"),
          byOid("pg_operator"),
          byOid("pg_cast"),
          byOid("pg_enum"),
          byOid("pg_opclass"),
          byOid("pg_opfamily"),
          byOid("pg_amop"),
          byOid("pg_amproc"),
          byOid("pg_am"),
          byOid("pg_conversion"),
          byOid("pg_language"),
          byOid("pg_transform"),
          byOid("pg_extension"),
          byOid("pg_ts_config"),
          byOid("pg_ts_dict"),
          byOid("pg_foreign_server"),
          byOid("pg_collation"),
          byOid("pg_type"),
          byOid("pg_database"),
          new Source("pg_attribute", pair("attrelid", "attnum")),
          new Source("pg_index", "indexrelid::bigint"),
          new Source("pg_inherits", pair("inhrelid", "inhparent")),
          new Source("pg_partitioned_table", "partrelid::bigint"),
          new Source("pg_foreign_table", "ftrelid::bigint"),
          new Source("pg_sequence", "seqrelid::bigint"),
          new Source("pg_ts_config_map", pair("mapcfg", "maptokentype * 1000 + mapseqno")),
          new Source("pg_range", "rngtypid::bigint"),
          new Source("pg_aggregate", "aggfnoid::oid::bigint"),
          new Source("pg_db_role_setting", pair("setrole", "setdatabase")),
          new Source("pg_auth_members", pair("roleid", "member")),
          new Source("pg_depend", pair("objid", "refobjid")));

  /** Passwords are not for everybody's eyes, and neither are the xmins of those who have them. */
  private static final String ROLES =
      "SELECT 'pg_roles', sum(hashtextextended(r::text, 0)) FROM pg_catalog.pg_roles r";

  /** Of all rows. */
  static final String SQL = sums(Map.of());

  /**
   * Of all rows but those of temporary objects, which other sessions know nothing of, and of all
   * that emptying, refreshing, vacuuming or indexing a table changes.
   */
  static final String OF_WHAT_LASTS =
      "WITH passing AS MATERIALIZED (SELECT oid FROM pg_catalog.pg_class WHERE relpersistence = 't'"
          + " OR relkind IN ('i', 'I', 't')), transient AS MATERIALIZED (SELECT oid FROM"
          + " pg_catalog.pg_namespace WHERE nspname ~ '^pg_(toast_)?temp_') "
          + sums(LASTING_ROWS);

  private VersionQuery() {}

  private static Source byOid(String catalog) {
    return new Source(catalog, "oid::bigint");
  }

  private static String pair(String one, String other) {
    return "hashint8extended((" + one + ")::bigint, (" + other + ")::bigint)";
  }

  private static String ofLasting(String relation) {
    return relation + " NOT IN (SELECT oid FROM passing)";
  }

  private static String inLasting(String schema) {
    return schema + " NOT IN (SELECT oid FROM transient)";
  }

  private static String sums(Map<String, String> rows) {
    return SOURCES.stream()
        .map(source -> sum(source, rows.getOrDefault(source.catalog(), "true")))
        .collect(
            Collectors.joining(
                " UNION ALL ",
                "SELECT string_agg(catalog || ' ' || sum, ',' ORDER BY catalog COLLATE \"C\")"
                    + " FROM (",
                " UNION ALL " + ROLES + ") AS sums (catalog, sum)"));
  }

  private static String sum(Source source, String rows) {
    boolean lasting = !rows.equals("true") && source.catalog().equals("pg_class");
    return "SELECT '"
        + source.catalog()
        + "', sum("
        + (lasting ? RELATION : "hashint8extended(xmin::text::bigint, " + source.identity() + ")")
        + ") FROM pg_catalog."
        + source.catalog()
        + " WHERE "
        + rows;
  }
}

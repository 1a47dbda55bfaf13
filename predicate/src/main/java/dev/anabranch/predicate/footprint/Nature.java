package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Catalog.Routine;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What calling a routine means for the statement that calls it. Built-in routines are told by name:
 * their names are older than their OIDs. The lists were drawn up from {@code pg_proc} of Postgres
 * 15 and 18, routine by routine for all that are not immutable.
 */
enum Nature {
  /** A function of its arguments, of kept settings and of definitions that are watched. */
  PURE,
  /** It reads the clock. */
  CLOCK,
  /** It looks definitions and rights up, which a copy of main has as well. */
  DEFINITIONS,
  /**
   * It has an effect on something else than tables, is random, or tells the state of the server,
   * the session, a sequence or the statistics: nothing that main's data would make true or false.
   */
  DRAWN,
  /** It reads tables by their names or by a query in a text. */
  BY_NAME,
  /** It reads or writes files, large objects or replication slots. */
  BEYOND,
  /** Its body is the user's, who promises that it changes nothing. */
  USER_CODE,
  /** Its body is the user's and may do anything. */
  USER_VOLATILE;

  private static final Set<String> CLOCKS =
      Set.of(
          "now",
          "transaction_timestamp",
          "statement_timestamp",
          "clock_timestamp",
          "timeofday",
          "age");

  private static final Set<String> PURE_THOUGH_STABLE =
      Set.of(
          "to_char",
          "to_timestamp",
          "to_date",
          "to_number",
          "date_trunc",
          "date_part",
          "extract",
          "timezone",
          "date",
          "time",
          "timetz",
          "timestamp",
          "timestamptz",
          "date_bin",
          "date_add",
          "date_subtract",
          "make_timestamptz",
          "overlaps",
          "in_range",
          "concat",
          "concat_ws",
          "format",
          "array_to_string",
          "string_to_array",
          "anytextcat",
          "textanycat",
          "quote_literal",
          "quote_nullable",
          "generate_series",
          "timestamptz_pl_interval",
          "timestamptz_mi_interval",
          "interval_pl_timestamptz",
          "timestamptz_date",
          "length",
          "convert",
          "convert_from",
          "convert_to",
          "money",
          "numeric",
          "cash_in",
          "cash_out",
          "enum_first",
          "enum_last",
          "enum_range",
          "xml",
          "xml_is_well_formed",
          "pg_typeof",
          "getdatabaseencoding",
          "get_current_ts_config",
          "to_tsvector",
          "to_tsquery",
          "plainto_tsquery",
          "phraseto_tsquery",
          "websearch_to_tsquery",
          "ts_headline",
          "ts_parse",
          "ts_token_type",
          "ts_debug",
          "ts_match_tq",
          "ts_match_tt",
          "jsonb_path_exists_tz",
          "jsonb_path_match_tz",
          "jsonb_path_query_array_tz",
          "jsonb_path_query_first_tz",
          "jsonb_path_query_tz");

  /** They may run a cast of the user's. */
  private static final Pattern TO_JSON =
      Pattern.compile(
          "to_jsonb?|row_to_json|array_to_json|jsonb?_build_(object|array)|jsonb?_(object_)?agg\\w*"
              + "|jsonb?_to_tsvector");

  /** They fill rows of any type, and so may run the checks of domains. */
  private static final Pattern FROM_JSON =
      Pattern.compile("jsonb?_(populate_record(set)?|populate_record_valid|to_record(set)?)");

  private static final Pattern CROSS_DATE =
      Pattern.compile(
          "(date|timestamp|timestamptz)_(eq|ne|lt|le|gt|ge|cmp)_(date|timestamp|timestamptz)");

  private static final Pattern READS_BY_NAME =
      Pattern.compile(
          "(query|table|cursor|schema|database)_to_xml\\w*|ts_stat|ts_rewrite|currtid2");

  private static final Pattern READS_BEYOND =
      Pattern.compile(
          "lo_\\w+|loread|lowrite|pg_read_\\w+|pg_stat_file|pg_ls_\\w+|pg_logical_slot_\\w+"
              + "|pg_\\w+_replication_slots?|pg_replication_slot_advance|pg_mcv_list_items");

  /** Stable routines that tell the state of the server or of the session. */
  private static final Pattern STATE =
      Pattern.compile(
          "pg_stat_\\w+|pg_backend_pid|version|inet_(client|server)_\\w+|txid_\\w+|mxid_age"
              + "|pg_current_\\w+|pg_conf_load_time|pg_postmaster_start_time|pg_column_(size"
              + "|compression|toast_chunk_id)|pg_cursor|pg_prepared_statement|pg_my_temp_schema"
              + "|pg_is_other_temp_schema|pg_listening_channels|pg_trigger_depth"
              + "|pg_client_encoding|pg_relation_file(node|path)|pg_filenode_relation"
              + "|pg_show_all_settings|pg_settings_get_flags|pg_numa_available"
              + "|pg_get_replication_slots|current_setting|pg_tablespace_\\w+|pg_config"
              + "|pg_timezone_\\w+|current_database|pg_split_walfile_name|session_user"
              + "|system_user");

  /** Volatile ones that look definitions up. */
  private static final Set<String> DEFINITIONS_THOUGH_VOLATILE =
      Set.of("pg_partition_tree", "pg_partition_ancestors", "pg_extension_config_dump");

  static Nature of(Routine routine, boolean builtin, Catalog catalog) {
    if (!routine.ours()) {
      return routine.volatility() == Catalog.Volatility.VOLATILE ? USER_VOLATILE : USER_CODE;
    }
    return switch (routine.volatility()) {
      case IMMUTABLE -> PURE;
      case STABLE -> builtin ? stable(routine.name(), catalog) : USER_CODE;
      case VOLATILE -> builtin ? volatileOne(routine.name()) : DRAWN;
    };
  }

  private static Nature stable(String name, Catalog catalog) {
    // age(timestamp) counts from today's midnight; age of two timestamps is immutable.
    if (CLOCKS.contains(name)) {
      return CLOCK;
    }
    if (TO_JSON.matcher(name).matches()) {
      return catalog.userCasts() ? USER_CODE : PURE;
    }
    if (FROM_JSON.matcher(name).matches()) {
      return catalog.userDomainChecks() ? USER_CODE : PURE;
    }
    if (PURE_THOUGH_STABLE.contains(name) || CROSS_DATE.matcher(name).matches()) {
      return PURE;
    }
    if (READS_BY_NAME.matcher(name).matches()) {
      return BY_NAME;
    }
    if (READS_BEYOND.matcher(name).matches()) {
      return BEYOND;
    }
    return STATE.matcher(name).matches() ? DRAWN : DEFINITIONS;
  }

  private static Nature volatileOne(String name) {
    if (CLOCKS.contains(name)) {
      return CLOCK;
    }
    if (READS_BY_NAME.matcher(name).matches()) {
      return BY_NAME;
    }
    if (READS_BEYOND.matcher(name).matches()) {
      return BEYOND;
    }
    return DEFINITIONS_THOUGH_VOLATILE.contains(name) ? DEFINITIONS : DRAWN;
  }
}

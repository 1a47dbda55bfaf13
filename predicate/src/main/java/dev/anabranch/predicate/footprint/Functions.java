package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Catalog.Routine;
import dev.anabranch.predicate.footprint.Catalog.Volatility;
import dev.anabranch.predicate.match.Condition.Comparison;
import dev.anabranch.predicate.match.Condition.Family;
import dev.anabranch.predicate.match.Scalar.Widening;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of built-in routines beyond their declared volatility. By name: their names are
 * older than their OIDs.
 */
final class Functions {

  /** What calling a routine means for the statement that calls it. */
  enum Nature {
    /** A function of its arguments and of kept settings. */
    PURE,
    /** It reads the clock. */
    CLOCK,
    /** Its body is the user's. */
    USER_CODE,
    /** It has effects, is random, or reads state that no branch keeps. */
    OUTSIDE
  }

  private static final Set<String> CLOCK =
      Set.of("now", "transaction_timestamp", "statement_timestamp");

  /**
   * Stable routines that depend on nothing but their arguments and settings that each question
   * keeps (TimeZone, DateStyle, IntervalStyle and the like). Other stable ones read catalogs,
   * statistics or the server's state.
   */
  private static final Set<String> STABLE_BUT_PURE =
      Set.of(
          "to_char",
          "to_timestamp",
          "to_date",
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
          "concat",
          "concat_ws",
          "format",
          "array_to_string",
          "to_json",
          "to_jsonb",
          "row_to_json",
          "array_to_json",
          "json_build_object",
          "json_build_array",
          "jsonb_build_object",
          "jsonb_build_array",
          "json_agg",
          "jsonb_agg",
          "json_object_agg",
          "jsonb_object_agg",
          "json_agg_strict",
          "jsonb_agg_strict",
          "json_agg_transfn",
          "quote_literal",
          "quote_nullable",
          "generate_series",
          "timestamptz_pl_interval",
          "timestamptz_mi_interval",
          "interval_pl_timestamptz",
          "timestamptz_date",
          "string_to_array");

  private static final Pattern CROSS_DATE =
      Pattern.compile(
          "(date|timestamp|timestamptz)_(eq|ne|lt|le|gt|ge|cmp)_(date|timestamp|timestamptz)");

  private static final Pattern COMPARISON =
      Pattern.compile(
          "(int2|int4|int8|int24|int42|int28|int82|int48|int84|oid|bool|numeric_|float4|float8|text_?|bpchar|bytea|uuid_|date_|timestamp_|timestamptz_)"
              + "(eq|ne|lt|le|gt|ge)");

  private static final Map<String, Widening> WIDENINGS =
      Map.of(
          "numeric<-21", Widening.INTEGER_TO_NUMERIC,
          "numeric<-23", Widening.INTEGER_TO_NUMERIC,
          "numeric<-20", Widening.INTEGER_TO_NUMERIC,
          "float8<-21", Widening.INTEGER_TO_FLOAT8,
          "float8<-23", Widening.INTEGER_TO_FLOAT8,
          "float8<-20", Widening.INTEGER_TO_FLOAT8,
          "float8<-1700", Widening.NUMERIC_TO_FLOAT8);

  /** Never fail, whatever their arguments. */
  private static final Set<String> NEVER_FAIL =
      Set.of(
          "lower",
          "upper",
          "length",
          "char_length",
          "character_length",
          "octet_length",
          "btrim",
          "ltrim",
          "rtrim",
          "textlike",
          "textnlike",
          "count",
          "min",
          "max",
          "avg",
          "bool_and",
          "bool_or",
          "every",
          "row_number",
          "rank",
          "dense_rank",
          "numeric_uminus",
          "numeric_uplus",
          "timestamptz_cmp",
          "textcat");

  private final Map<Long, Routine> routines;
  private final boolean utf8;

  Functions(Catalog catalog) {
    this.routines = catalog.routines();
    this.utf8 = catalog.utf8();
  }

  Nature natureOf(long oid) {
    Routine routine = routines.get(oid);
    if (routine == null) {
      return Nature.OUTSIDE;
    }
    if (oid >= Catalog.FIRST_USER_OID) {
      return routine.volatility() == Volatility.VOLATILE ? Nature.OUTSIDE : Nature.USER_CODE;
    }
    return switch (routine.volatility()) {
      case IMMUTABLE -> Nature.PURE;
      case STABLE -> stable(routine.name());
      case VOLATILE -> Nature.OUTSIDE;
    };
  }

  private static Nature stable(String name) {
    // age(timestamp) counts from today's midnight; age of two timestamps is immutable.
    if (CLOCK.contains(name) || name.equals("age")) {
      return Nature.CLOCK;
    }
    return STABLE_BUT_PURE.contains(name) || CROSS_DATE.matcher(name).matches()
        ? Nature.PURE
        : Nature.OUTSIDE;
  }

  /** Counters of the server and its sessions; the other counters count what is in tables. */
  private static final Pattern SERVER_STATISTICS =
      Pattern.compile("pg_stat_get_(activity|backend_\\w+|progress_info|snapshot_timestamp)");

  /** A built-in routine that may look into catalogs and the server's state, and not into tables. */
  boolean looksUp(long oid) {
    Routine routine = routines.get(oid);
    return routine != null
        && oid < Catalog.FIRST_USER_OID
        && routine.volatility() == Volatility.STABLE
        && !routine.name().contains("xml")
        && (!routine.name().startsWith("pg_stat_get_")
            || SERVER_STATISTICS.matcher(routine.name()).matches());
  }

  String nameOf(long oid) {
    Routine routine = routines.get(oid);
    return routine == null ? "function " + oid : routine.name();
  }

  private Optional<String> builtin(long oid) {
    return oid >= Catalog.FIRST_USER_OID
        ? Optional.empty()
        : Optional.ofNullable(routines.get(oid)).map(Routine::name);
  }

  /** One of the six comparisons on a type whose order and equality are known exactly. */
  record KnownComparison(Comparison comparison, Family family) {}

  Optional<KnownComparison> comparison(long oid, boolean collationIsC) {
    return builtin(oid)
        .map(COMPARISON::matcher)
        .filter(Matcher::matches)
        .map(match ->
            new KnownComparison(
                Comparison.valueOf(match.group(2).toUpperCase(Locale.ROOT)),
                family(match.group(1), collationIsC && utf8)));
  }

  private static Family family(String type, boolean collationIsC) {
    return switch (type) {
      case "numeric_" -> Family.NUMERIC;
      case "float4", "float8" -> Family.FLOAT;
      case "text", "text_" -> collationIsC ? Family.TEXT_C : Family.TEXT;
      case "bpchar" -> Family.BPCHAR;
      case "bytea", "uuid_" -> Family.BYTES;
      case "date_", "timestamp_", "timestamptz_" -> Family.TIME;
      default -> Family.INTEGER;
    };
  }

  boolean isLike(long oid) {
    return builtin(oid).filter("textlike"::equals).isPresent();
  }

  boolean isNotLike(long oid) {
    return builtin(oid).filter("textnlike"::equals).isPresent();
  }

  Optional<Widening> widening(long oid, long argumentType) {
    return builtin(oid).map(name -> WIDENINGS.get(name + "<-" + argumentType));
  }

  /** An integer cast to a wider integer. */
  boolean keepsInteger(long oid, long argumentType, long resultType) {
    return builtin(oid)
            .filter(name ->
                (name.equals("int4") && argumentType == 21)
                    || (name.equals("int8") && (argumentType == 21 || argumentType == 23)))
            .isPresent()
        && resultType != 1700;
  }

  /** Whether a call can be made on any row without raising an error. */
  boolean neverFails(long oid, long argumentType, long resultType) {
    Optional<String> name = builtin(oid);
    return name.isPresent()
        && (COMPARISON.matcher(name.get()).matches()
            || (CROSS_DATE.matcher(name.get()).matches() && !name.get().contains("timestamptz"))
            || NEVER_FAIL.contains(name.get())
            || keepsInteger(oid, argumentType, resultType)
            || widening(oid, argumentType)
                .filter(w -> w != Widening.NUMERIC_TO_FLOAT8)
                .isPresent());
  }
}

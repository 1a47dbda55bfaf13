package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TypeOid;
import dev.anabranch.predicate.footprint.Catalog.Routine;
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
          "textcat",
          "gen_random_uuid",
          "now",
          "statement_timestamp",
          "clock_timestamp",
          "pg_try_advisory_lock",
          "pg_try_advisory_lock_shared",
          "pg_try_advisory_xact_lock",
          "pg_try_advisory_xact_lock_shared");

  private final Catalog catalog;
  private final Map<Long, Routine> routines;

  Functions(Catalog catalog) {
    this.catalog = catalog;
    this.routines = catalog.routines();
  }

  /** A routine that the catalogs did not show may be anything. */
  Nature natureOf(long oid) {
    Routine routine = routines.get(oid);
    return routine == null
        ? Nature.BEYOND
        : Nature.of(routine, oid < Catalog.FIRST_USER_OID, catalog);
  }

  /** What computes an operator; 0 when the catalogs did not show it. */
  long routineOf(long operator) {
    Catalog.Operator known = catalog.operators().get(operator);
    return known == null ? 0 : known.routine();
  }

  Optional<String> operatorName(long operator) {
    return Optional.ofNullable(catalog.operators().get(operator)).map(Catalog.Operator::name);
  }

  /** Whether reading and writing the values of a type runs no code of the user's. */
  boolean isPlainType(long oid) {
    return oid < Catalog.FIRST_USER_OID || catalog.plainTypes().contains(oid);
  }

  boolean isCurrentSetting(long oid) {
    return builtin(oid).filter("current_setting"::equals).isPresent();
  }

  Catalog catalog() {
    return catalog;
  }

  String nameOf(long oid) {
    Routine routine = routines.get(oid);
    return routine == null ? "function " + oid : routine.name();
  }

  /** The name of a routine that Postgres brings. */
  Optional<String> builtinName(long oid) {
    return builtin(oid);
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
                family(match.group(1), collationIsC && catalog.utf8())));
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
                (name.equals("int4") && argumentType == TypeOid.INT2)
                    || (name.equals("int8")
                        && (argumentType == TypeOid.INT2 || argumentType == TypeOid.INT4)))
            .isPresent()
        && resultType != TypeOid.NUMERIC;
  }

  /** Whether a call can be made on any row without raising an error. */
  boolean neverFails(long oid, long argumentType, long resultType) {
    Optional<String> name = builtin(oid);
    return name.isPresent()
        && (COMPARISON.matcher(name.get()).matches()
            || (CROSS_DATE.matcher(name.get()).matches() && !name.get().contains("timestamptz"))
            || NEVER_FAIL.contains(name.get())
            || (name.get().equals("random") && argumentType == 0)
            || keepsInteger(oid, argumentType, resultType)
            || widening(oid, argumentType)
                .filter(w -> w != Widening.NUMERIC_TO_FLOAT8)
                .isPresent());
  }
}

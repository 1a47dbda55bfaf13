package dev.anabranch.trials.oracle;

import java.util.List;

/**
 * A column type with the values that break comparisons.
 *
 * @param sqlType the type as written in a column definition
 * @param castType the type as written in a cast
 * @param values texts of its values, few enough that equal ones meet
 * @param family what can be done with it
 */
record Kind(String sqlType, String castType, List<String> values, Family family) {

  /** What expressions a type allows. */
  enum Family {
    BOOL,
    INT,
    NUMERIC,
    /** Floats whose sums depend on the order; never summed here. */
    WILD_FLOAT,
    /** Floats whose sums are exact in any order. */
    TAME_FLOAT,
    TEXT,
    /** Text under a collation that takes different texts for equal. */
    LOOSE_TEXT,
    DATE,
    TIMESTAMP,
    ARRAY,
    JSON,
    RANGE,
    ORDERED,
    OPAQUE
  }

  private static final List<String> WORDS =
      List.of(
          "",
          "a",
          "A",
          "ab",
          "a ",
          "b",
          "é",
          "e",
          "\uFFFD",
          "\uD83D\uDE00",
          "z%",
          "a_b",
          "NULL",
          "10",
          "9",
          "a\\b",
          "it's");

  static final Kind INT4 =
      of("int4", Family.INT, "-2147483648", "-1", "0", "1", "2", "3", "4", "5", "2147483647");
  static final Kind BOOL = of("bool", Family.BOOL, "t", "f");
  static final Kind TEXT = new Kind("text", "text", WORDS, Family.TEXT);
  static final Kind TIMESTAMPTZ =
      of(
          "timestamptz",
          Family.TIMESTAMP,
          "2026-03-08 06:59:59.999999+00",
          "2026-03-08 07:00:00+00",
          "2026-11-01 05:30:00+00",
          "2026-11-01 06:30:00+00",
          "1999-12-31 23:30:00+00",
          "2026-09-15 12:00:00+00",
          "2026-05-01 00:00:00+00",
          "infinity",
          "-infinity");

  /** Every kind that a column can have, the frequent ones several times. */
  static final List<Kind> ALL =
      List.of(
          INT4,
          INT4,
          INT4,
          BOOL,
          TEXT,
          TEXT,
          TIMESTAMPTZ,
          of("int2", Family.INT, "-32768", "-1", "0", "1", "2", "3", "32767"),
          of(
              "int8",
              Family.INT,
              "9007199254740993",
              "9007199254740992",
              "-1",
              "0",
              "1",
              "2",
              "3",
              "9223372036854775807"),
          of("oid", Family.ORDERED, "0", "1", "2", "2147483648", "4294967295"),
          of(
              "numeric",
              Family.NUMERIC,
              "1.0",
              "1.00",
              "1",
              "2.50",
              "2.5",
              "0",
              "-0.5",
              "100000000000000000000.1"),
          of(
              "numeric",
              Family.WILD_FLOAT,
              "1.0",
              "1.00",
              "NaN",
              "Infinity",
              "-Infinity",
              "0",
              "-0.5",
              "3"),
          of("numeric(8,2)", Family.NUMERIC, "1.00", "2.50", "0", "99.99", "-3.1"),
          of(
              "float4",
              Family.WILD_FLOAT,
              "0.1",
              "1",
              "NaN",
              "Infinity",
              "-Infinity",
              "-0",
              "0",
              "1e30"),
          of(
              "float8",
              Family.WILD_FLOAT,
              "0.1",
              "9007199254740992",
              "NaN",
              "Infinity",
              "-0",
              "0",
              "1",
              "1e-300"),
          of("float8", Family.TAME_FLOAT, "0.25", "0.5", "1", "1.75", "2", "10", "-3"),
          new Kind("text COLLATE \"C\"", "text", WORDS, Family.TEXT),
          new Kind("text COLLATE \"und-x-icu\"", "text", WORDS, Family.TEXT),
          new Kind("varchar(10)", "varchar", WORDS, Family.TEXT),
          new Kind("text COLLATE loose", "text", WORDS, Family.LOOSE_TEXT),
          of("char(3)", Family.TEXT, "a", "ab", "abc", "", "A", "a b"),
          of(
              "uuid",
              Family.ORDERED,
              "00000000-0000-0000-0000-000000000000",
              "7fffffff-ffff-ffff-ffff-ffffffffffff",
              "80000000-0000-0000-0000-000000000000",
              "ffffffff-ffff-ffff-ffff-ffffffffffff"),
          of("bytea", Family.ORDERED, "\\x", "\\x00", "\\x7f", "\\x80", "\\xff", "\\x7f00"),
          of(
              "date",
              Family.DATE,
              "infinity",
              "-infinity",
              "2024-02-29",
              "2026-03-08",
              "1999-12-31",
              "2026-09-01",
              "2026-05-01"),
          of(
              "timestamp",
              Family.TIMESTAMP,
              "2026-03-08 02:30:00",
              "2026-03-08 01:59:59.999999",
              "1999-12-31 23:59:59",
              "2026-09-15 00:00:00",
              "infinity",
              "-infinity"),
          of(
              "interval",
              Family.OPAQUE,
              "1 mon",
              "30 days",
              "24:00",
              "1 day",
              "0",
              "-1 mon +30 days"),
          of("timetz", Family.OPAQUE, "12:00+00", "13:00+01", "00:00-05", "23:59:59.9+00"),
          of("mood", Family.ORDERED, "sad", "ok", "happy"),
          new Kind(
              "int4[]",
              "int4[]",
              List.of("{}", "{1}", "{1,2}", "{NULL}", "{2,1}", "{3,NULL}"),
              Family.ARRAY),
          new Kind(
              "jsonb",
              "jsonb",
              List.of(
                  "{\"a\": 1}", "{\"a\": 1.0}", "[1]", "null", "\"x\"", "{\"a\": \"1\", \"b\": 2}"),
              Family.JSON),
          of("inet", Family.OPAQUE, "10.0.0.1", "10.0.0.0/8", "::1", "10.0.0.1/32"),
          new Kind(
              "int4range",
              "int4range",
              List.of("empty", "[1,5)", "[3,3]", "(,2]", "[5,)"),
              Family.RANGE),
          of("small_int", Family.INT, "-5", "0", "1", "2", "3", "100"));

  private static Kind of(String type, Family family, String... values) {
    return new Kind(type, type, List.of(values), family);
  }

  boolean ordered() {
    return switch (family) {
      case JSON, RANGE, ARRAY, OPAQUE, LOOSE_TEXT -> false;
      case BOOL, INT, NUMERIC, WILD_FLOAT, TAME_FLOAT, TEXT, DATE, TIMESTAMP, ORDERED -> true;
    };
  }

  boolean summable() {
    return family == Family.INT || family == Family.NUMERIC || family == Family.TAME_FLOAT;
  }

  boolean number() {
    return summable() || family == Family.WILD_FLOAT;
  }

  /** Whether rows can be put into groups by it so that each group prints one way. */
  boolean groupable() {
    // 1.0 and 1.00 (and -0 and 0, and loosely equal texts) are one group that may print as either.
    return switch (family) {
      case BOOL, INT, DATE, TIMESTAMP, ORDERED, TAME_FLOAT -> true;
      case TEXT -> true;
      case NUMERIC, WILD_FLOAT, LOOSE_TEXT, ARRAY, JSON, RANGE, OPAQUE -> false;
    };
  }
}

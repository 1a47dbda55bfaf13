package dev.anabranch.predicate.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Identifiers;
import dev.anabranch.base.TextForm;
import dev.anabranch.base.Traps;
import dev.anabranch.predicate.match.Condition.Comparison;
import dev.anabranch.predicate.match.Condition.Family;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every comparison that is decided here, on every pair of boundary values of its type, next to
 * Postgres's own.
 */
@SuppressWarnings("NullAway") // no value is NULL
@Tag("postgres")
class SemanticsAgainstPostgresTest {

  /** In the order in which they are asked below. */
  private static final List<Comparison> COMPARISONS =
      List.of(
          Comparison.EQ, Comparison.NE, Comparison.LT, Comparison.LE, Comparison.GT, Comparison.GE);

  private static final List<String> TEXTS =
      List.of("", "a", "A", "ab", "a ", " a", "\uFFFD", "\uD83D\uDE00", "z", "é");

  /**
   * A type, how it is compared, its boundary values, and whether its order is known as well as its
   * equality.
   */
  @SuppressWarnings("ImmutableEnumChecker") // the lists come from List.of
  enum Type {
    BOOL("bool", 16, Family.INTEGER, true, List.of("t", "f")),
    INT2("int2", 21, Family.INTEGER, true, List.of("-32768", "-1", "0", "1", "32767")),
    INT4("int4", 23, Family.INTEGER, true, List.of("-2147483648", "-1", "0", "1", "2147483647")),
    INT8(
        "int8",
        20,
        Family.INTEGER,
        true,
        List.of("-9223372036854775808", "-1", "0", "9223372036854775807")),
    OID("oid", 26, Family.INTEGER, true, List.of("0", "1", "2147483648", "4294967295")),
    NUMERIC(
        "numeric",
        1700,
        Family.NUMERIC,
        true,
        List.of(
            "0",
            "0.00",
            "1",
            "1.0",
            "1.00",
            "-1",
            "NaN",
            "Infinity",
            "-Infinity",
            "9007199254740993",
            "0.1",
            "1e20")),
    FLOAT4(
        "float4",
        700,
        Family.FLOAT,
        true,
        List.of("0", "-0", "NaN", "Infinity", "-Infinity", "0.1", "1e-40", "3.4e38")),
    FLOAT8(
        "float8",
        701,
        Family.FLOAT,
        true,
        List.of("0", "-0", "NaN", "Infinity", "-Infinity", "0.1", "5e-324", "1e300")),
    TEXT("text", 25, Family.TEXT, false, TEXTS),
    TEXT_C("text COLLATE \"C\"", 25, Family.TEXT_C, true, TEXTS),
    VARCHAR("varchar(10)", 1043, Family.TEXT, false, TEXTS),
    BPCHAR("char(4)", 1042, Family.BPCHAR, false, List.of("", "a", "ab", "a b", " a", "é")),
    UUID(
        "uuid",
        2950,
        Family.BYTES,
        true,
        List.of(
            "00000000-0000-0000-0000-000000000000",
            "7fffffff-ffff-ffff-ffff-ffffffffffff",
            "80000000-0000-0000-0000-000000000000")),
    BYTEA(
        "bytea",
        17,
        Family.BYTES,
        true,
        List.of("\\x", "\\x00", "\\x7f", "\\x80", "\\x8000", "\\xff")),
    DATE(
        "date",
        1082,
        Family.TIME,
        true,
        List.of(
            "0001-01-01",
            "1969-12-31",
            "1970-01-01",
            "2000-02-29",
            "9999-12-31",
            "10000-01-01",
            "infinity",
            "-infinity",
            "0044-03-15 BC")),
    TIMESTAMP(
        "timestamp",
        1114,
        Family.TIME,
        true,
        List.of(
            "1969-12-31 23:59:59.999999",
            "1970-01-01 00:00:00",
            "2026-03-29 02:30:00.1",
            "infinity",
            "-infinity")),
    TIMESTAMPTZ(
        "timestamptz",
        1184,
        Family.TIME,
        true,
        List.of(
            "1969-12-31 23:59:59.999999+00",
            "2026-03-29 02:30:00+01",
            "2026-03-29 01:30:00+00",
            "infinity",
            "-infinity",
            "1890-01-01 00:00:00+00:53:28"));

    private final String sql;
    private final long oid;
    private final Family family;
    private final boolean ordered;
    private final List<String> values;

    Type(String sql, long oid, Family family, boolean ordered, List<String> values) {
      this.sql = sql;
      this.oid = oid;
      this.family = family;
      this.ordered = ordered;
      this.values = values;
    }
  }

  @ParameterizedTest
  @EnumSource(Type.class)
  void comparesAsPostgresDoes(Type type) throws SQLException {
    Semantics semantics = new Semantics(Traps.NONE);
    int decided = 0;
    for (Pair pair : ask(type)) {
      Value left = ValueReader.read(type.oid, pair.left);
      Value right = ValueReader.read(type.oid, pair.right);
      for (int i = 0; i < COMPARISONS.size(); i++) {
        Comparison comparison = COMPARISONS.get(i);
        Truth truth = semantics.compare(comparison, type.family, left, right);
        if (truth != Truth.ANY) {
          decided++;
          assertThat(truth)
              .as(pair.left + " " + comparison + " " + pair.right)
              .isEqualTo(Truth.of(pair.truths.get(i)));
        }
        boolean known = left != Value.Special.UNKNOWN && right != Value.Special.UNKNOWN;
        if (known && (type.ordered || !comparison.needsOrder())) {
          assertThat(truth)
              .as(pair.left + " " + comparison + " " + pair.right + " is known")
              .isNotEqualTo(Truth.ANY);
        }
      }
    }
    assertThat(decided).isPositive();
  }

  private record Pair(String left, String right, List<Boolean> truths) {}

  /** Each pair as Postgres spells it, with its six truths. */
  private static List<Pair> ask(Type type) throws SQLException {
    List<Pair> pairs = new ArrayList<>();
    try (Connection connection = TemporaryPostgres.shared().connect();
        Statement statement = connection.createStatement()) {
      for (String set : TextForm.SET_STATEMENTS) {
        statement.execute(set);
      }
      statement.execute("CREATE TEMP TABLE v (x " + type.sql + ")");
      for (String value : type.values) {
        statement.execute("INSERT INTO v VALUES (" + Identifiers.literal(value) + ")");
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT a.x, b.x, a.x = b.x, a.x <> b.x, a.x < b.x, a.x <= b.x, a.x > b.x, a.x >= b.x"
                  + " FROM v a, v b")) {
        while (row.next()) {
          List<Boolean> truths = new ArrayList<>();
          for (int i = 3; i <= 8; i++) {
            truths.add(row.getBoolean(i));
          }
          pairs.add(new Pair(row.getString(1), row.getString(2), truths));
        }
      }
    }
    return pairs;
  }
}

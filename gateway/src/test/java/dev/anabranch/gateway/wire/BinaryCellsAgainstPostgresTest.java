package dev.anabranch.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.TemporaryPostgres;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

/** A value sent in binary reads as the very text that Postgres would have sent in its place. */
@Tag("postgres")
class BinaryCellsAgainstPostgresTest {

  private static final int COPY_HEADER = 19;
  private static final long SEED = Long.getLong("anabranch.seed", 20261121L);

  private static Connection connection;

  @BeforeAll
  static void connect() throws Exception {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    connection = postgres.connect("postgres");
  }

  @AfterAll
  static void close() throws Exception {
    connection.close();
  }

  private static final Map<String, List<String>> NASTY = new TreeMap<>();

  static {
    nasty("bool", "t", "f");
    nasty("\"char\"", "a", "", "\\");
    nasty("int2", "-32768", "0", "32767");
    nasty("int4", "-2147483648", "2147483647");
    nasty("int8", "-9223372036854775808", "9007199254740993");
    nasty("oid", "0", "4294967295");
    nasty("xid", "4294967295");
    nasty("xid8", "18446744073709551615");
    nasty(
        "float4",
        "0.1",
        "-0",
        "NaN",
        "-Infinity",
        "1e-45",
        "3.4028235e38",
        "1e6",
        "999999",
        "16777216",
        "1e-4",
        "0.0001234",
        "8.5e-44",
        "1e-5");
    nasty(
        "float8",
        "0.1",
        "-0",
        "NaN",
        "Infinity",
        "5e-324",
        "1.7976931348623157e308",
        "9e15",
        "1e15",
        "9007199254740993",
        "2.2250738585072014e-308",
        "1e-5",
        "0.0001",
        "4.35",
        "1e22",
        "2e-323");
    nasty(
        "numeric",
        "NaN",
        "Infinity",
        "-Infinity",
        "0",
        "0.000",
        "-0.00001",
        "1e131071",
        "1.10",
        "1e-16383",
        "123456789012345678901234567890.123456789",
        "10000",
        "100000000",
        "0.0001000");
    nasty("text", "", "NULL", "é", "\uFFFD", "\uD83D\uDE00", "a\tb");
    nasty("varchar", "x ");
    nasty("char(3)", "a");
    nasty("name", "n");
    nasty("json", "{\"a\" :1 }");
    nasty("jsonb", "{\"b\":1,\"a\":[1.0,null]}");
    nasty("bytea", "\\x", "\\x00ff");
    nasty("uuid", "ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-0000-0000-000000000001");
    nasty(
        "date",
        "0044-03-15 BC",
        "4713-11-24 BC",
        "5874897-12-31",
        "infinity",
        "-infinity",
        "0001-01-01",
        "0001-12-31 BC",
        "2024-02-29",
        "12345-01-01");
    nasty("time", "24:00:00", "00:00:00", "23:59:59.999999", "01:02:03.4");
    nasty("timetz", "24:00:00-15:59:59", "01:02:03+05:30", "00:00:00.000001+00", "12:00-07:52:58");
    nasty(
        "timestamp",
        "4713-11-24 00:00:00 BC",
        "294276-12-31 23:59:59.999999",
        "infinity",
        "-infinity",
        "1999-12-31 23:59:59.999999",
        "2000-01-01",
        "1970-01-01 00:00:00.1");
    nasty(
        "timestamptz",
        "infinity",
        "-infinity",
        "2026-03-08 06:59:59.999999+00",
        "2026-03-08 07:00:00+00",
        "2026-11-01 05:30:00+00",
        "2026-11-01 06:30:00+00",
        "1800-01-01 00:00:00+00",
        "0044-03-15 00:00:00+00 BC",
        "1945-08-15 00:00:00+00");
    nasty(
        "interval",
        "0",
        "1 year",
        "-1 year -2 mons +3 days -04:05:06.789",
        "1 mon -1 day",
        "-1 days +02:03:00",
        "178000000 years",
        "2562047788:00:54.775807",
        "-2562047788:00:54.775807",
        "infinity",
        "-infinity",
        "30 days",
        "-1 mon",
        "1 day",
        "0.000001 seconds",
        "-0.5 seconds",
        "-1 mon +1 day",
        "25:00:00",
        "13 mons",
        "-11 mons -1 days");
    nasty(
        "inet",
        "0.0.0.0",
        "10.1.2.3/8",
        "::",
        "::1",
        "::2",
        "1::",
        "::ffff:1.2.3.4",
        "::1.2.3.4",
        "2001:db8::1/64",
        "1:0:0:2:0:0:0:3",
        "1:2:3:4:5:6:7:8",
        "0:0:1::",
        "::1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7::",
        "1:0:0:2:2:0:0:3",
        "::ffff:0:1.2.3.4",
        "fe80::/10");
    nasty("cidr", "10.0.0.0/8", "1.2.3.4", "::/0", "2001:db8::/32");
    nasty("macaddr", "08:00:2b:01:02:ff");
    nasty("macaddr8", "08:00:2b:01:02:03:04:05");
    nasty("bit(5)", "10110");
    nasty("varbit", "", "1", "101100111");
    nasty("point", "(1,-0)", "(NaN,1e300)");
    nasty("lseg", "[(1,2),(3,4.5)]");
    nasty("box", "(3,4),(1,2)");
    nasty("circle", "<(1,2),0.1>");
    nasty("int4range", "empty", "[1,5)", "(,)", "[,3]", "(2,)");
    nasty("int8range", "[1,5]");
    nasty("numrange", "(1.10,2.0]", "[-Infinity,NaN]");
    nasty("daterange", "[2026-01-01,infinity)", "(,2026-01-01)", "[0044-03-15 BC,2026-01-01]");
    nasty("tsrange", "[2026-01-01,2026-01-02 00:00:00.5)", "empty");
    nasty("tstzrange", "[2026-01-01 00:00+00,infinity]");
    nasty("int4multirange", "{}", "{[1,3),[5,8)}", "{(,)}");
    nasty("tstzmultirange", "{[2026-01-01 00:00+00,2026-01-02 00:00+00)}");
    nasty("int4[]", "{}", "{1,NULL,3}", "[2:3]={7,8}", "{{1,2},{3,4}}");
    nasty("text[]", "{a b,\"\",NULL,\"NULL\",\"q\\\"\\\\{\",\"\uFFFD\"}");
    nasty("\"char\"[]", "{a,b}");
    nasty("name[]", "{n}");
    nasty("interval[]", "{1 day,-00:00:01}");
    nasty("inet[]", "{1.2.3.4,::1}");
    nasty("jsonb[]", "{\"{\\\"a\\\": 1}\"}");
    nasty("varbit[]", "{101,0}");
    nasty("int4range[]", "{\"[1,3)\",empty}");
    nasty("timetz[]", "{01:02:03+05:30}");
    nasty("point[]", "{\"(1,2)\"}");
    nasty("oidvector", "", "1 2 3");
    nasty("int2vector", "", "-1 2");
  }

  private static void nasty(String type, String... values) {
    NASTY.put(type, List.of(values));
  }

  @ParameterizedTest
  @CsvSource({"UTC", "America/New_York", "Asia/Kathmandu", "Europe/Amsterdam"})
  void nastyValuesReadAsTheirText(String zone) throws Exception {
    List<String> expressions = new ArrayList<>();
    NASTY.forEach((type, values) ->
        values.forEach(value -> expressions.add("'" + value.replace("'", "''") + "'::" + type)));
    expressions.add("ROW(1, NULL, '', 'a b', 'q\"\\,()', ROW(2, 'x'::text), 1.50, ARRAY[1,2])");
    compare(zone, expressions, 0);
  }

  @Test
  void randomValuesReadAsTheirText() throws Exception {
    Random random = new Random(SEED);
    List<String> expressions = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      expressions.add("'" + Double.longBitsToDouble(random.nextLong()) + "'::float8");
      expressions.add("'" + Float.intBitsToFloat(random.nextInt()) + "'::float4");
      expressions.add("'" + random.nextInt(100) + "e" + random.nextInt(14, 300) + "'::float8");
      expressions.add("'" + random.nextInt(100) + "e" + random.nextInt(4, 36) + "'::float4");
      expressions.add(
          "make_interval(months => %d, days => %d, secs => %s)"
              .formatted(
                  random.nextInt(-40, 40),
                  random.nextInt(-40, 40),
                  random.nextInt(-200_000, 200_000) / 1000.0));
      expressions.add(
          "timestamptz '2000-01-01Z' + %d * interval '1 second'"
              .formatted(random.nextInt(-1_600_000_000, 1_400_000_000)));
      expressions.add(
          "inet '%s'"
              .formatted(
                  java.util.stream.IntStream.range(0, 8)
                      .mapToObj(w ->
                          random.nextInt(3) > 0
                              ? "0"
                              : Integer.toHexString(random.nextInt(0x10000)))
                      .collect(java.util.stream.Collectors.joining(":"))));
    }
    compare("America/New_York", expressions, expressions.size() / 20);
  }

  /** Each expression's binary form, read here, next to its text. */
  private static void compare(String zone, List<String> expressions, int mayBeDoubtful)
      throws Exception {
    SpellingSettings form = settings(zone, "1", "postgres");
    List<String> wrong = new ArrayList<>();
    int notRead = 0;
    for (int start = 0; start < expressions.size(); start += 400) {
      List<String> some = expressions.subList(start, Math.min(start + 400, expressions.size()));
      ByteBuf binary = binary(some);
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT format('%s', "
                      + String.join("), format('%s', ", some)
                      + ")"
                      + types(some))) {
        row.next();
        for (int i = 0; i < some.size(); i++) {
          ByteBuf value = binary.readSlice(binary.readInt());
          long type = row.getLong(some.size() + i + 1);
          Optional<String> read =
              RowDecoder.parameter(value, 1, type, StandardCharsets.UTF_8, form);
          notRead += read.isEmpty() ? 1 : 0;
          if (read.isPresent() && !read.get().equals(row.getString(i + 1))) {
            wrong.add(some.get(i) + " is " + row.getString(i + 1) + " and was read as " + read);
          }
        }
      }
    }
    assertThat(notRead)
        .as("of %d, seed %d", expressions.size(), SEED)
        .isLessThanOrEqualTo(mayBeDoubtful);
    assertThat(wrong).as("under %s, seed %d", zone, SEED).isEmpty();
  }

  private static String types(List<String> expressions) {
    StringBuilder types = new StringBuilder();
    expressions.forEach(one -> types.append(", pg_typeof(").append(one).append(")::oid::int8"));
    return types.toString();
  }

  private static ByteBuf binary(List<String> expressions) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut(
            "COPY (SELECT " + String.join(", ", expressions) + ") TO STDOUT (FORMAT binary)",
            bytes);
    ByteBuf in = Unpooled.wrappedBuffer(bytes.toByteArray());
    in.skipBytes(COPY_HEADER);
    assertThat(in.readShort()).isEqualTo((short) expressions.size());
    return in;
  }

  private static SpellingSettings settings(String zone, String digits, String intervals)
      throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = '" + zone + "'; SET extra_float_digits = " + digits);
      statement.execute(
          "SET bytea_output = hex; SET DateStyle = ISO; SET IntervalStyle = postgres");
    }
    return SpellingSettings.of(
        Map.of(
            "timezone", zone,
            "datestyle", "ISO, MDY",
            "bytea_output", "hex",
            "extra_float_digits", digits,
            "intervalstyle", intervals));
  }

  @Test
  void aTypeWhoseTextTheSettingsChangeIsNotReadUnderOtherSettings() throws Exception {
    SpellingSettings rounded = settings("UTC", "0", "iso_8601");
    for (String expression :
        List.of(
            "0.1::float8",
            "0.1::float4",
            "point '(1,2)'",
            "interval '1 day'",
            "ARRAY[0.1::float8]")) {
      ByteBuf binary = binary(List.of(expression));
      ByteBuf value = binary.readSlice(binary.readInt());
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery("SELECT pg_typeof(" + expression + ")::oid::int8")) {
        row.next();
        assertThat(RowDecoder.parameter(value, 1, row.getLong(1), StandardCharsets.UTF_8, rounded))
            .as(expression)
            .isEmpty();
      }
    }
  }

  @Test
  void aFloatWhoseDigitsAreNotSureIsNotRead() throws Exception {
    SpellingSettings form = settings("UTC", "1", "postgres");
    ByteBuf binary = binary(List.of("2e23::float8"));
    assertThat(
            RowDecoder.parameter(
                binary.readSlice(binary.readInt()), 1, 701, StandardCharsets.UTF_8, form))
        .isEmpty();
  }

  @Test
  void bytesThatAreNoValueAreNotReadAndDoNotFail() {
    Random random = new Random(SEED);
    SpellingSettings form =
        SpellingSettings.of(Map.of("timezone", "UTC", "datestyle", "ISO", "bytea_output", "hex"));
    for (long type :
        new long[] {16, 20, 23, 869, 1007, 1082, 1186, 1266, 1560, 1700, 2249, 3904, 4451, 30}) {
      for (int i = 0; i < 200; i++) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        Optional<String> read =
            RowDecoder.parameter(
                Unpooled.wrappedBuffer(bytes), 1, type, StandardCharsets.UTF_8, form);
        assertThat(read).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"UTF-8", "windows-1252", "ISO-8859-1"})
  void aReplacementCharacterInTheDataIsNoDoubt(String name) {
    Charset charset = Charset.forName(name);
    byte[] own = "a\u00e9b".getBytes(charset);
    assertThat(text(own, charset)).contains("a\u00e9b");
    byte[] replacement = "\uFFFD\uD800\uDC00".getBytes(StandardCharsets.UTF_8);
    assertThat(text(replacement, StandardCharsets.UTF_8)).contains("\uFFFD\uD800\uDC00");
    byte[] meaningless = {'a', (byte) 0x81, 'b'};
    assertThat(text(meaningless, charset).isPresent()).isEqualTo(name.equals("ISO-8859-1"));
    byte[] both = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD, (byte) 0xff};
    assertThat(text(both, StandardCharsets.UTF_8)).isEmpty();
  }

  private static Optional<String> text(byte[] bytes, Charset charset) {
    return RowDecoder.parameter(
        Unpooled.wrappedBuffer(bytes), 0, 25, charset, SpellingSettings.UNKNOWN);
  }
}

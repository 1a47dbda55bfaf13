package dev.anabranch.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.TemporaryPostgres;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each character of each client encoding is read as Postgres reads and writes it, or not at all.
 */
@Tag("postgres")
class EncodingsAgainstPostgresTest {

  private static final String[] CONVERSIONS = {
    """
    CREATE FUNCTION read(bytes bytea, encoding name) RETURNS text LANGUAGE plpgsql AS $$
    BEGIN
      RETURN convert_from(bytes, encoding);
    EXCEPTION WHEN OTHERS THEN
      RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION written(one text, encoding name) RETURNS bytea LANGUAGE plpgsql AS $$
    BEGIN
      RETURN convert_to(one, encoding);
    EXCEPTION WHEN OTHERS THEN
      RETURN NULL;
    END $$
    """
  };

  /** Everything that may be one character, by how many bytes it has and how they begin. */
  private static String characters(String encoding) {
    return """
    WITH one AS (SELECT set_byte('\\x00', 0, a) AS bytes, a FROM generate_series(128, 255) a),
    two AS (SELECT set_byte(set_byte('\\x0000', 0, a), 1, b) AS bytes, a, b
            FROM generate_series(128, 254) a, generate_series(48, 254) b)
    SELECT bytes FROM one
    UNION ALL SELECT bytes FROM two WHERE '%1$s' !~ '^(LATIN|ISO|WIN|KOI)'
    UNION ALL SELECT '\\x8f'::bytea || bytes FROM two WHERE '%1$s' = 'EUC_JP' AND a > 160 AND b > 160
    UNION ALL SELECT '\\x8ea2'::bytea || bytes FROM two WHERE '%1$s' = 'EUC_TW' AND a > 160 AND b > 160\
    """
        .formatted(encoding);
  }

  /** Where no encoding of one byte a character has any, only the others are asked. */
  private static String written(String encoding) {
    return """
    SELECT encode(bytes, 'hex'), text
    FROM (SELECT chr(i) AS text, written(chr(i), '%1$s') AS bytes FROM generate_series(1, 65535) i
          WHERE i < 9984 OR ('%1$s' !~ '^(LATIN|ISO|WIN|KOI)' AND i NOT BETWEEN 40960 AND 44031
            AND i NOT BETWEEN 55204 AND 57343 AND ('%1$s' ~ 'KR|UHC' OR i NOT BETWEEN 44032 AND 55203))
          OFFSET 0) w
    WHERE bytes IS NOT NULL\
    """
        .formatted(encoding);
  }

  @Test
  void whatIsReadIsWhatPostgresUnderstands() throws SQLException {
    Map<String, List<String>> unread = new TreeMap<>();
    try (Connection connection = prepared();
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, Charset> encoding : others().entrySet()) {
        String name = encoding.getKey();
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT encode(bytes, 'hex'), text FROM (SELECT bytes, read(bytes, '"
                    + name
                    + "') AS text FROM ("
                    + characters(name)
                    + ") c OFFSET 0) r WHERE text IS NOT NULL")) {
          while (rows.next()) {
            ByteBuf bytes = bytes(rows.getString(1));
            String read = Texts.decode(bytes, 0, bytes.readableBytes(), encoding.getValue());
            if (!Texts.isFaithful(read)) {
              unread.computeIfAbsent(name, _ -> new ArrayList<>()).add(rows.getString(1));
            } else {
              assertThat(read).as(name + " " + rows.getString(1)).isEqualTo(rows.getString(2));
            }
          }
        }
      }
    }
    assertThat(unread.keySet()).isSubsetOf("EUC_TW");
  }

  @Test
  void whatIsToldIsTheOneTextThatPostgresMeans() throws SQLException {
    try (Connection connection = prepared();
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, Charset> encoding : others().entrySet()) {
        String name = encoding.getKey();
        try (ResultSet rows = statement.executeQuery(written(name))) {
          while (rows.next()) {
            String told = Texts.told(bytes(rows.getString(1)), encoding.getValue());
            assertThat(told == null || told.equals(rows.getString(2)))
                .as("%s %s is told as %s", name, rows.getString(1), told)
                .isTrue();
          }
        }
      }
    }
  }

  /** Where characters are read otherwise than in Java, those around them are read all the same. */
  @Test
  void aTextIsReadAsItsCharactersAre() {
    assertThat(read("BIG5", "a451a2cc41a451")).isEqualTo("\u5341\uFFFDA\u5341");
    assertThat(read("EUC_JP", "c9bda1c1a1c18fa2c341")).isEqualTo("\u8868\uFF5E\uFF5E\uFFE4A");
    assertThat(read("EUC_JP", "c9bda1")).isNotEqualTo("\u8868");
    assertThat(read("SJIS", "955cb15c41")).isEqualTo("\u8868\uFF71\\A");
    assertThat(told("SJIS", "955cb141")).isEqualTo("\u8868\uFF71A");
    assertThat(told("SJIS", "955cb15c41")).isNull();
    assertThat(told("EUC_JP", "418fa2c3")).isNull();
  }

  private static Connection prepared() {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = postgres.freshDatabase();
    postgres.executeIn(database, CONVERSIONS);
    return postgres.connect(database);
  }

  private static String read(String encoding, String hex) {
    ByteBuf bytes = bytes(hex);
    return Texts.decode(bytes, 0, bytes.readableBytes(), Encodings.charset(encoding).orElseThrow());
  }

  private static @Nullable String told(String encoding, String hex) {
    return Texts.told(bytes(hex), Encodings.charset(encoding).orElseThrow());
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
  }

  private static Map<String, Charset> others() {
    Map<String, Charset> encodings = new TreeMap<>(Encodings.all());
    encodings.values().removeIf(StandardCharsets.UTF_8::equals);
    return encodings;
  }
}

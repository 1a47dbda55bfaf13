package dev.anabranch.gateway;

import static dev.anabranch.gateway.WireClient.bytes;
import static dev.anabranch.gateway.WireClient.concat;
import static dev.anabranch.gateway.WireClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.ledger.Answer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that speak other encodings than UTF-8. */
@Tag("postgres")
class ClientEncodingsTest {

  private static GatewayUnderTest gateway;

  @BeforeAll
  static void start() {
    gateway = new GatewayUnderTest("CREATE TABLE word (id int PRIMARY KEY, v text)");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({
    "EUC_JP, a1bda1c1a1c2a1dda1f1a1f2a2cc8fa2c3c9bd",
    "BIG5, a2cca2cea451a1c3f9d6a140",
    "SJIS, 955c815c8160",
    "GBK, a892b1ed",
    "UHC, a2e8b0a1",
    "EUC_TW, a4a1",
    "LATIN9, a4e9",
    "WIN1252, 80e9",
    "SQL_ASCII, c3a9"
  })
  void theLedgerHasTheTextThatPostgresUnderstood(String encoding, String hex) throws Exception {
    String meant =
        encoding.equals("SQL_ASCII")
            ? "\u00e9"
            : gateway
                .asSuperuser("SELECT convert_from('\\x" + hex + "', '" + encoding + "')")
                .getFirst();
    try (WireClient client = speaking(encoding)) {
      client.write(asking(encoding, hex));
      client.readUntil('Z');
    }
    Answer answer = answer(encoding);
    assertThat(answer.question().unknown()).isEmpty();
    assertThat(answer.question().sql()).contains("'" + meant + "'");
    assertThat(answer.result().rowCount()).isEqualTo(1);
  }

  @Test
  void inAnEncodingThatIsNotReadTheMeaningIsUnknown() throws Exception {
    try (WireClient client = speaking("JOHAB")) {
      client.write(asking("JOHAB", "f9fe"));
      client.readUntil('Z');
    }
    assertThat(answer("JOHAB").question().unknown())
        .hasValueSatisfying(why -> assertThat(why).contains("client encoding"));
  }

  /** The branch takes it for another text than the gateway, which has not heard of the change. */
  @Test
  void whatIsSentBehindAChangeOfTheEncodingIsUnknown() throws Exception {
    try (WireClient client = speaking("UTF8")) {
      client.write(
          concat(frame('Q', bytes("SET client_encoding TO LATIN1\0")), asking("behind", "c3a9")));
      client.readUntil('Z');
      client.readUntil('Z');
      client.write(
          frame('Q', bytes("SET client_encoding TO UTF8; SELECT /*together*/ chr(233) AS v\0")));
      client.readUntil('Z');
    }
    assertThat(answer("behind").question().unknown()).isPresent();
    assertThat(answer("together").question().unknown()).isPresent();
  }

  private static WireClient speaking(String encoding) throws Exception {
    WireClient client = new WireClient(gateway.port());
    client.startup(
        WireClient.PROTOCOL_3_0,
        "user",
        GatewayUnderTest.NAME,
        "database",
        GatewayUnderTest.NAME,
        "client_encoding",
        encoding);
    client.prove();
    return client;
  }

  private static byte[] asking(String label, String hex) {
    return frame(
        'Q',
        bytes("SELECT /*" + label + "*/ '"),
        HexFormat.of().parseHex(hex),
        bytes("' IS NOT NULL AS v FROM (VALUES (1)) o\0"));
  }

  private static Answer answer(String label) throws Exception {
    List<Answer> found =
        gateway.answers().stream()
            .filter(answer -> answer.question().sql().contains("/*" + label + "*/"))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}

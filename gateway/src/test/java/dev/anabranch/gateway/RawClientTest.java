package dev.anabranch.gateway;

import static dev.anabranch.gateway.WireClient.cString;
import static dev.anabranch.gateway.WireClient.concat;
import static dev.anabranch.gateway.WireClient.frame;
import static dev.anabranch.gateway.WireClient.int32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.gateway.WireClient.Message;
import dev.anabranch.ledger.Answer;
import dev.anabranch.testkit.Await;
import io.netty.util.internal.PlatformDependent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What no well-behaved driver sends: lies, odd orders, and messages cut into single bytes. */
@Tag("postgres")
class RawClientTest {

  private GatewayUnderTest gateway;

  @BeforeEach
  void start() {
    gateway =
        new GatewayUnderTest(
            "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static byte[] extended(String sql) {
    return concat(
        frame('P', concat(cString(""), cString(sql), new byte[2])),
        frame('B', concat(cString(""), cString(""), new byte[6])),
        frame('D', concat(new byte[] {'P'}, cString(""))),
        frame('E', concat(cString(""), int32(0))));
  }

  @Test
  void aNewerProtocolIsNegotiatedDown() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.startup(3 << 16 | 7, "user", "alice", "_pq_.fancy", "1");
      Message negotiate = client.read();
      assertThat(negotiate.type()).isEqualTo('v');
      assertThat(negotiate.text()).startsWith("\0\3\0\2").contains("_pq_.fancy");
      assertThat(client.read().type()).isEqualTo('R');
    }
    try (WireClient client = new WireClient(gateway.port())) {
      client.startup(3 << 16, "user", "alice", "_pq_.fancy", "1");
      assertThat(client.read().text()).startsWith("\0\3\0\0").contains("_pq_.fancy");
    }
  }

  /** By their first 63 bytes; who took them for others would keep an answer to another question. */
  @Test
  void longNamesAreTakenForTheStatementsThatPostgresTakesThemFor() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      for (String same : List.of("n".repeat(63), "ä".repeat(32))) {
        client.write(
            concat(
                frame('P', cString(same + "1"), cString("SELECT 1"), new byte[2]),
                frame('C', new byte[] {'S'}, cString(same + "2")),
                frame('P', cString(same + "3"), cString("SELECT 2"), new byte[2]),
                frame('B', cString(""), cString(same + "1"), new byte[6]),
                frame('D', new byte[] {'P'}, cString("")),
                frame('E', cString(""), int32(0)),
                frame('S')));
        assertThat(client.readUntil('Z').stream().filter(m -> m.type() == 'D').map(Message::cells))
            .containsExactly(List.of("2"));
      }
    }
    List<Answer> answers = gateway.answers();
    assertThat(answers).hasSize(2);
    assertThat(answers.getFirst().question().sql()).isEqualTo("SELECT 2");
    assertThat(answers.getFirst().result().comparable()).isTrue();
    assertThat(answers.getLast().question().sql()).isEmpty();
    assertThat(answers.getLast().result().comparable()).isFalse();
  }

  @Test
  void aLongCancelKeyCancelsAndAWrongOneDoesNot() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.startup(3 << 16 | 2, "user", GatewayUnderTest.NAME);
      Message key = client.prove().stream().filter(m -> m.type() == 'K').findFirst().orElseThrow();
      assertThat(key.text()).hasSize(36);
      client.send('Q', cString("SELECT pg_backend_pid()"));
      assertThat(client.readUntil('Z').get(1).cells())
          .containsExactly(String.valueOf(ByteBuffer.wrap(latin1(key)).getInt()));
      client.send('Q', cString("SELECT pg_sleep(60)"));
      Await.until(
          () ->
              !gateway
                  .asSuperuser(
                      "SELECT 1 FROM pg_stat_activity WHERE query ~ '^SELECT pg_sl'"
                          + " AND state = 'active'")
                  .isEmpty(),
          Duration.ofSeconds(10));
      byte[] wrong = latin1(key);
      wrong[35] ^= 1;
      cancel(wrong);
      cancel(Arrays.copyOf(latin1(key), 8));
      assertThat(
              gateway.asSuperuser(
                  "SELECT 1 FROM pg_stat_activity WHERE query ~ '^SELECT pg_sl'"
                      + " AND state = 'active'"))
          .isNotEmpty();
      cancel(latin1(key));
      assertThat(client.readUntil('Z').stream().map(Message::text))
          .anyMatch(t -> t.contains("57014"));
    }
  }

  private static byte[] latin1(Message message) {
    return message.text().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns when the gateway has dealt with it. */
  private void cancel(byte[] key) throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.write(concat(int32(key.length + 8), int32(80877102), key));
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  /** 200 MB wait in the branch, and not in between, for a client that does not read. */
  @Test
  void aClientThatDoesNotReadIsWaitedFor() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      long before = PlatformDependent.usedDirectMemory();
      client.send('Q', cString("SELECT repeat('x', 100000) FROM generate_series(1, 2000)"));
      Await.until(
          () ->
              !gateway
                  .asSuperuser(
                      "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT repeat%'"
                          + " AND wait_event = 'ClientWrite'")
                  .isEmpty(),
          Duration.ofSeconds(20));
      assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(32 << 20);
      int rows = 0;
      for (Message next = client.read(); next.type() != 'Z'; next = client.read()) {
        rows += next.type() == 'D' ? 1 : 0;
      }
      assertThat(rows).isEqualTo(2000);
    }
    assertThat(gateway.answers().getLast().result().rowCount()).isEqualTo(2000);
  }

  @Test
  void aClientTooManyIsToldSoThoughItIsStillTalking() throws Exception {
    try (GatewayUnderTest narrow =
        new GatewayUnderTest(all -> all.within(limits -> limits.withConnections(1)))) {
      try (WireClient first = new WireClient(narrow.port())) {
        first.login();
        try (WireClient second = new WireClient(narrow.port())) {
          second.startup(WireClient.PROTOCOL_3_0, "user", GatewayUnderTest.NAME);
          second.send('Q', cString("SELECT 1"));
          assertThat(second.read().text()).contains("53400");
          assertThat(second.readByte()).isEqualTo(-1);
        }
      }
      Await.until(() -> narrow.gateway().connections() == 0, Duration.ofSeconds(10));
      try (WireClient third = new WireClient(narrow.port())) {
        assertThat(third.login().getLast().type()).isEqualTo('Z');
      }
    }
  }

  @Test
  void aWrongPasswordIsRefusedAndARightOneStillTaken() throws Exception {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> gateway.connect("password", "wrong"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }
    try (Connection connection = gateway.connect()) {
      assertThat(connection.isValid(10)).isTrue();
    }
  }

  @Test
  void replicationIsRefused() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.startup(3 << 16, "user", "alice", "replication", "database");
      assertThat(client.read().text()).contains("0A000").contains("can't be replicated from");
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void nonsenseAtTheDoorIsAViolation() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(client.read().text()).contains("08P01");
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void nonsenseAfterTheLoginIsAnsweredByTheBranch() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      client.send('?', new byte[3]);
      assertThat(client.read().text()).contains("08P01").contains("invalid frontend message type");
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void messagesCutIntoBytesMeanTheSame() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      client.sendByteByByte(
          concat(extended("SELECT id FROM t ORDER BY id"), frame('S', new byte[0])));
      assertThat(client.readUntil('Z').stream().map(Message::type))
          .containsExactly('1', '2', 'T', 'D', 'D', 'C', 'Z');
      client.sendByteByByte(frame('Q', cString("INSERT INTO t VALUES (3) RETURNING id")));
      assertThat(client.readUntil('Z').stream().map(Message::type))
          .containsExactly('T', 'D', 'C', 'Z');
    }
    assertThat(gateway.answers())
        .extracting(a -> a.question().sql())
        .containsExactly("SELECT id FROM t ORDER BY id", "INSERT INTO t VALUES (3) RETURNING id");
  }

  @Test
  void aPipelineIsFollowedThroughItsErrors() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      byte[] sync = frame('S', new byte[0]);
      client.write(
          concat(
              extended("SELECT 1 AS a"),
              extended("SELECT 1/0 AS b"),
              extended("SELECT 3 AS c"),
              sync,
              extended("SELECT 4 AS d"),
              sync,
              frame('Q', cString("SELECT 5 AS e; SELECT 6/0 AS f; SELECT 7 AS g")),
              frame('Q', cString("SELECT 8 AS h"))));
      String types = "";
      for (int i = 0; i < 4; i++) {
        for (Message message : client.readUntil('Z')) {
          types += message.type();
        }
      }
      assertThat(types).isEqualTo("12TDC1EZ" + "12TDCZ" + "TDCEZ" + "TDCZ");
    }
    assertThat(gateway.answers())
        .extracting(a -> a.question().sql())
        .containsExactly("SELECT 1 AS a", "SELECT 4 AS d", "SELECT 5 AS e", "SELECT 8 AS h");
    assertThat(gateway.answers().stream().map(Answer::transaction).distinct()).hasSize(4);
  }

  @Test
  void rowsCopiedInByTheExtendedProtocolKeepTheCount() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      byte[] sync = frame('S', new byte[0]);
      client.write(
          concat(
              frame('P', concat(cString(""), cString("COPY t FROM STDIN"), new byte[2])),
              frame('B', concat(cString(""), cString(""), new byte[6])),
              frame('E', concat(cString(""), int32(0))),
              sync));
      assertThat(client.readUntil('G').stream().map(Message::type)).containsExactly('1', '2', 'G');
      client.write(
          concat(
              frame('d', "10\n11\n".getBytes(StandardCharsets.UTF_8)),
              frame('c', new byte[0]),
              sync));
      assertThat(client.readUntil('Z').stream().map(Message::type)).containsExactly('C', 'Z');
      client.send('Q', cString("SELECT count(*) FROM t"));
      assertThat(client.readUntil('Z').stream().map(Message::type))
          .containsExactly('T', 'D', 'C', 'Z');
    }
    assertThat(gateway.answers())
        .extracting(a -> a.question().sql())
        .containsExactly("SELECT count(*) FROM t");
  }

  @Test
  void aStatementIsWhatItWasWhenItRan() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      byte[] sync = frame('S', new byte[0]);
      byte[] run =
          concat(
              frame('B', concat(cString(""), cString("s"), new byte[6])),
              frame('D', concat(new byte[] {'P'}, cString(""))),
              frame('E', concat(cString(""), int32(0))));
      client.write(
          concat(
              frame('P', concat(cString("s"), cString("SELECT 1 AS first"), new byte[2])),
              run,
              sync,
              // A name in use: this fails, and the name still stands for the first.
              frame('P', concat(cString("s"), cString("SELECT 2 AS second"), new byte[2])),
              sync,
              run,
              sync,
              frame('C', concat(new byte[] {'S'}, cString("s"))),
              frame('P', concat(cString("s"), cString("SELECT 3 AS third"), new byte[2])),
              run,
              sync));
      for (int i = 0; i < 4; i++) {
        client.readUntil('Z');
      }
    }
    assertThat(gateway.answers())
        .extracting(a -> a.question().sql())
        .containsExactly("SELECT 1 AS first", "SELECT 1 AS first", "SELECT 3 AS third");
  }
}

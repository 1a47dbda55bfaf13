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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a client sees where it may go no further, and that others go on. */
@Tag("postgres")
class LimitsTest {

  private static final byte[] SYNC = frame('S', new byte[0]);

  private static byte[] parse(String name, String sql) {
    return frame('P', concat(cString(name), cString(sql), new byte[2]));
  }

  private static byte[] run(String statement) {
    return concat(
        frame('B', concat(cString(""), cString(statement), new byte[6])),
        frame('D', concat(new byte[] {'P'}, cString(""))),
        frame('E', concat(cString(""), int32(0))));
  }

  @Test
  void aBranchTakesOnlySoManyConnections() throws Exception {
    try (GatewayUnderTest gateway =
            new GatewayUnderTest(all -> all.within(limits -> limits.withBranchConnections(2)));
        Connection first = gateway.connect()) {
      try (Connection second = gateway.connect()) {
        assertThat(second.isValid(10)).isTrue();
        assertThatThrownBy(gateway::connect)
            .isInstanceOfSatisfying(
                SQLException.class,
                e -> {
                  assertThat(e.getSQLState()).isEqualTo("53300");
                  assertThat(e.getMessage()).contains("alice", "2", "branch-connections");
                });
      }
      Await.until(() -> gateway.gateway().connections() == 1, Duration.ofSeconds(10));
      try (Connection third = gateway.connect()) {
        assertThat(third.isValid(10)).isTrue();
      }
      assertThat(first.isValid(10)).isTrue();
    }
  }

  private static GatewayUnderTest impatient() {
    return new GatewayUnderTest(
        all -> all.within(limits -> limits.withIdle(Duration.ofSeconds(1))),
        "CREATE TABLE t (id int PRIMARY KEY)");
  }

  @Test
  void aSessionThatAsksNothingIsEndedAndOneThatWaitsIsNot() throws Exception {
    try (GatewayUnderTest gateway = impatient();
        WireClient client = new WireClient(gateway.port())) {
      client.login();
      client.send('Q', cString("SELECT pg_sleep(2.5)"));
      assertThat(client.readUntil('Z', 'E').getLast().type()).isEqualTo('Z');
      Message end = client.read();
      assertThat(end.type()).isEqualTo('E');
      assertThat(end.text()).contains("57P05", "idle-timeout");
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void anIdleTransactionEndsWithItsSession() throws Exception {
    try (GatewayUnderTest gateway = impatient()) {
      try (WireClient client = new WireClient(gateway.port())) {
        client.login();
        client.send('Q', cString("BEGIN; INSERT INTO t VALUES (1)"));
        client.readUntil('Z');
        assertThat(client.readUntil('E').getLast().text()).contains("57P05");
      }
      assertThat(gateway.asSuperuser("SELECT count(*) FROM t")).containsExactly("0");
    }
  }

  @Test
  void aMessageMayBeOnlySoLong() throws Exception {
    int limit = 1 << 20;
    try (GatewayUnderTest gateway =
            new GatewayUnderTest(all -> all.within(limits -> limits.withMessageBytes(limit)));
        WireClient client = new WireClient(gateway.port())) {
      client.login();
      String most = "SELECT 1 -- " + "x".repeat(limit - 17);
      client.send('Q', cString(most));
      assertThat(client.readUntil('Z').stream().map(Message::type))
          .containsExactly('T', 'D', 'C', 'Z');
      client.send('Q', cString(most + "x"));
      Message end = client.read();
      assertThat(end.type()).isEqualTo('E');
      assertThat(end.text()).contains("54000", "message-limit", String.valueOf(limit));
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  /** What the branch remembers of them is Postgres's affair; the gateway forgets. */
  @Test
  void moreThanIsRememberedWorksAndIsNotTrusted() throws Exception {
    String padding = "x".repeat(1 << 20);
    try (GatewayUnderTest gateway = new GatewayUnderTest();
        WireClient client = new WireClient(gateway.port())) {
      client.login();
      int statements = 70;
      for (int i = 0; i < statements; i++) {
        client.write(parse("s" + i, "SELECT " + i + " -- " + padding));
      }
      client.write(concat(run("s0"), run("s" + (statements - 1)), SYNC));
      List<Message> replies = client.readUntil('Z');
      assertThat(replies).extracting(Message::type).filteredOn(t -> t == '1').hasSize(statements);
      assertThat(replies.stream().filter(m -> m.type() == 'D').map(Message::cells))
          .containsExactly(List.of("0"), List.of(String.valueOf(statements - 1)));
      client.write(concat(frame('C', concat(new byte[] {'S'}, cString("s0"))), SYNC));
      client.readUntil('Z');
      client.send('Q', cString("SELECT 1 AS after"));
      client.readUntil('Z');
      List<Answer> answers = gateway.answers();
      assertThat(answers)
          .extracting(answer -> answer.result().comparable())
          .containsExactly(true, false, true);
      assertThat(answers.get(1).question().unknown()).isPresent();
      assertThat(answers.getFirst().question().sql()).startsWith("SELECT 0 -- xxx");
    }
  }

  @Test
  void aTextOfVeryManyStatementsIsAnsweredAndNotTrusted() throws Exception {
    int statements = 3000;
    try (GatewayUnderTest gateway = new GatewayUnderTest();
        WireClient client = new WireClient(gateway.port())) {
      client.login();
      client.send('Q', cString("SELECT 1;".repeat(statements)));
      assertThat(client.readUntil('Z')).hasSize(3 * statements + 1);
      client.send('Q', cString("SELECT 2"));
      client.readUntil('Z');
      List<Answer> answers = gateway.answers();
      assertThat(answers).hasSize(statements + 1);
      assertThat(answers.subList(0, statements)).noneMatch(answer -> answer.result().comparable());
      assertThat(answers.getLast().result().comparable()).isTrue();
    }
  }

  @Test
  void whoPreparesWithoutEndAndReadsNothingIsWaitedFor() throws Exception {
    try (GatewayUnderTest gateway = new GatewayUnderTest();
        WireClient client = new WireClient(gateway.port())) {
      client.login();
      int messages = 40_000;
      ByteArrayOutputStream some = new ByteArrayOutputStream();
      for (int i = 0; i < 100; i++) {
        some.writeBytes(parse("", "SELECT 'some text that is prepared and never run'"));
      }
      Thread talker =
          Thread.ofVirtual().start(() -> say(client, some.toByteArray(), messages / 100));
      assertThat(client.readUntil('Z').stream().filter(m -> m.type() == '1')).hasSize(messages);
      talker.join();
      client.send('Q', cString("SELECT 1"));
      assertThat(client.readUntil('Z')).hasSize(4);
      assertThat(gateway.answers()).hasSize(1);
    }
  }

  private static void say(WireClient client, byte[] words, int times) {
    try {
      for (int i = 0; i < times; i++) {
        client.write(words);
      }
      client.write(SYNC);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

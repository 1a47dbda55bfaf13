package dev.anabranch.gateway;

import static dev.anabranch.gateway.WireClient.cString;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.gateway.WireClient.Message;
import dev.anabranch.ledger.Ending;
import dev.anabranch.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How sessions end when their gateway stops. */
@Tag("postgres")
class DrainTest {

  private static GatewayUnderTest gateway(Duration grace) {
    return new GatewayUnderTest(
        all -> all.within(limits -> limits.withDrain(grace)),
        "CREATE TABLE t (id int PRIMARY KEY)");
  }

  private static void assertEnded(WireClient client) throws Exception {
    Message end = client.read();
    assertThat(end.type()).isEqualTo('E');
    assertThat(end.text()).contains("57P01", "stopping");
    assertThat(client.readByte()).isEqualTo(-1);
  }

  @Test
  void aTransactionUnderWayMayEndAndNobodyElseBegins() throws Exception {
    try (GatewayUnderTest gateway = gateway(Duration.ofMinutes(5));
        WireClient busy = new WireClient(gateway.port());
        WireClient asking = new WireClient(gateway.port());
        WireClient idle = new WireClient(gateway.port())) {
      busy.login();
      asking.login();
      idle.login();
      busy.send('Q', cString("BEGIN; INSERT INTO t VALUES (1)"));
      busy.readUntil('Z');
      asking.send('Q', cString("SELECT count(*) FROM t, pg_sleep(3)"));
      Await.until(
          () ->
              !gateway
                  .asSuperuser("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                  .isEmpty(),
          Duration.ofSeconds(10));
      Thread stop = Thread.ofPlatform().start(() -> gateway.gateway().close());
      assertEnded(idle);
      try (WireClient late = new WireClient(gateway.port())) {
        late.startup(WireClient.PROTOCOL_3_0, "user", GatewayUnderTest.NAME);
        assertThat(late.read().text()).contains("57P03", "shutting down");
      }
      assertThat(asking.readUntil('Z')).hasSize(4);
      assertEnded(asking);
      assertThat(stop.isAlive()).isTrue();
      busy.send('Q', cString("SELECT count(*) FROM t"));
      assertThat(busy.readUntil('Z').get(1).cells()).containsExactly("1");
      busy.send('Q', cString("COMMIT"));
      assertThat(busy.readUntil('Z')).hasSize(2);
      assertEnded(busy);
      stop.join();
      assertThat(gateway.asSuperuser("SELECT count(*) FROM t")).containsExactly("1");
      assertThat(gateway.answers()).hasSize(2);
      assertThat(gateway.endings()).extracting(Ending::kind).containsOnly(Ending.Kind.COMMITTED);
    }
  }

  @Test
  void aTransactionThatTakesTooLongIsEnded() throws Exception {
    try (GatewayUnderTest gateway = gateway(Duration.ofMillis(100));
        WireClient busy = new WireClient(gateway.port())) {
      busy.login();
      busy.send('Q', cString("BEGIN; INSERT INTO t VALUES (1)"));
      busy.readUntil('Z');
      Thread stop = Thread.ofPlatform().start(() -> gateway.gateway().close());
      assertEnded(busy);
      stop.join();
      assertThat(gateway.asSuperuser("SELECT count(*) FROM t")).containsExactly("0");
      assertThat(gateway.endings())
          .extracting(Ending::kind)
          .containsExactly(Ending.Kind.ROLLED_BACK);
    }
  }
}

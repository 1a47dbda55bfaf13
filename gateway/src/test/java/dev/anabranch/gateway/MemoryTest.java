package dev.anabranch.gateway;

import static dev.anabranch.gateway.WireClient.bytes;
import static dev.anabranch.gateway.WireClient.cString;
import static dev.anabranch.gateway.WireClient.concat;
import static dev.anabranch.gateway.WireClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.Await;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What sessions hold of the server's memory when their clients do their worst. */
@Tag("postgres")
class MemoryTest {

  private static final long MEGABYTE = 1 << 20;

  /** What other parts of this process may take meanwhile. */
  private static final long NOISE = 16 * MEGABYTE;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What can't be collected, and what the wire's buffers take outside of the heap. */
  private static long held() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
        + ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  private static boolean waitsForItsClient(GatewayUnderTest gateway) {
    return gateway
        .asSuperuser(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
                + " wait_event = 'ClientWrite'")
        .equals(List.of("1"));
  }

  /** Not only for a moment: nothing takes what it has to say. */
  private static void awaitStandstill(GatewayUnderTest gateway) {
    int[] inARow = {0};
    Await.until(
        () -> {
          inARow[0] = waitsForItsClient(gateway) ? inARow[0] + 1 : 0;
          return inARow[0] == 20;
        },
        PATIENCE);
  }

  private static void awaitNobody(GatewayUnderTest gateway) {
    Await.until(
        () ->
            gateway.gateway().connections() == 0
                && gateway
                    .asSuperuser(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND backend_type = 'client backend' AND pid <> pg_backend_pid()")
                    .equals(List.of("0")),
        PATIENCE);
  }

  @Test
  void aResultThatNobodyReadsWaitsInItsBranch() throws Exception {
    try (GatewayUnderTest gateway = new GatewayUnderTest()) {
      long before = held();
      try (WireClient silent = new WireClient(gateway.port())) {
        silent.login();
        silent.send('Q', cString("SELECT repeat('x', 8000) FROM generate_series(1, 1000000)"));
        awaitStandstill(gateway);
        assertThat(held() - before).isLessThan(NOISE);
        try (WireClient other = new WireClient(gateway.port())) {
          other.login();
          other.send('Q', cString("SELECT repeat('y', 1000) FROM generate_series(1, 10000)"));
          assertThat(other.readUntil('Z')).hasSize(10_003);
        }
      }
      awaitNobody(gateway);
      assertThat(held() - before).isLessThan(NOISE);
    }
  }

  /** The worst: all that a session may be remembered by, and a row that comes in pieces. */
  @Test
  void aSessionHoldsNoMoreThanTheDocumentationSays() throws Exception {
    int statements = 8;
    // A character that takes two bytes, on the wire as well as in memory; in one long word.
    byte[] text = cString("SELECT 1 AS " + "ж".repeat(4_150_000));
    byte[] one = cString("SELECT 1");
    int row = 16_000_000;
    byte[] ask = cString("SELECT repeat('x', " + row + ")");
    try (GatewayUnderTest gateway = new GatewayUnderTest()) {
      long before = held();
      try (WireClient client = new WireClient(gateway.port())) {
        client.login();
        client.send('Q', cString("SET client_min_messages = error"));
        client.readUntil('Z');
        // Names are remembered, too; of them, no more than Postgres does.
        for (int i = 0; i < 20; i++) {
          client.write(frame('P', concat(bytes("" + (char) ('a' + i)), text), one, new byte[2]));
          client.write(frame('H'));
          assertThat(client.read().type()).isEqualTo('1');
        }
        for (int i = 0; i < statements; i++) {
          client.write(frame('P', cString("s" + i), text, new byte[2]));
          client.write(frame('H'));
          assertThat(client.read().type()).isEqualTo('1');
        }
        client.write(frame('S'));
        client.readUntil('Z');
        client.send('Q', ask);
        client.skip(row - 500_000);
        awaitHeldAsPieces(before);
        long most = held() - before;
        assertThat(most).isBetween(70 * MEGABYTE, 120 * MEGABYTE);
      }
      awaitNobody(gateway);
      gateway.queue().flush();
      assertThat(held() - before).isLessThan(NOISE);
    }
  }

  private static void awaitHeldAsPieces(long before) {
    Await.until(() -> held() - before > 70 * MEGABYTE, PATIENCE);
  }
}

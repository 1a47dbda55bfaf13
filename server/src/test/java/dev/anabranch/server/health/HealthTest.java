package dev.anabranch.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who asks how things are is answered at once, and is told no better than they are. */
class HealthTest {

  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

  private Instant now = START;
  private Optional<String> wrong = Optional.empty();

  private PartProbe probe(Duration grace) {
    return new PartProbe("main", grace, Duration.ofSeconds(12), () -> wrong, () -> now);
  }

  @Test
  void troubleIsToldWithItsBeginning() {
    PartProbe probe = probe(Duration.ZERO);
    probe.run();
    assertThat(probe.health()).isEqualTo(new PartHealth("main", true, START, null));
    now = START.plusSeconds(60);
    wrong = Optional.of("it is away");
    probe.run();
    now = START.plusSeconds(90);
    wrong = Optional.of("it is still away");
    probe.run();
    assertThat(probe.health())
        .isEqualTo(new PartHealth("main", false, START.plusSeconds(60), "it is still away"));
    now = START.plusSeconds(100);
    wrong = Optional.empty();
    probe.run();
    assertThat(probe.health())
        .isEqualTo(new PartHealth("main", true, START.plusSeconds(100), null));
  }

  @Test
  void aPauseThatBelongsToTheWorkIsNoTrouble() {
    PartProbe probe = probe(Duration.ofSeconds(30));
    wrong = Optional.of("it is stopped for a cut");
    probe.run();
    now = START.plusSeconds(29);
    assertThat(probe.health().ready()).isTrue();
    assertThat(probe.answers()).isFalse();
    now = START.plusSeconds(30);
    assertThat(probe.health().ready()).isFalse();
  }

  @Test
  void aLookThatFailsHasFoundTrouble() {
    PartProbe probe =
        new PartProbe(
            "disk",
            Duration.ZERO,
            Duration.ofSeconds(12),
            () -> {
              throw new IllegalStateException("first line\nsecond");
            },
            () -> now);
    probe.run();
    assertThat(probe.health().why()).isEqualTo("first line");
  }

  @Test
  void whatHangsIsToldAndKeepsNobodyWaiting() {
    AtomicReference<Instant> time = new AtomicReference<>(START);
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    InstantSource clock = time::get;
    try (Health health = new Health(clock)) {
      health.add(
          "main",
          Duration.ZERO,
          Duration.ofSeconds(12),
          () -> {
            hanging.countDown();
            new CountDownLatch(1).await();
            return Optional.empty();
          });
      health.add(
          "disk",
          Duration.ZERO,
          Duration.ofSeconds(12),
          () -> {
            looked.countDown();
            return Optional.empty();
          });
      health.start();
      Await.until(() -> hanging.getCount() == 0 && looked.getCount() == 0, Duration.ofSeconds(30));
      assertThat(health.readiness().ready()).isTrue();
      time.set(START.plusSeconds(13));
      assertThat(health.readiness().ready()).isFalse();
      assertThat(health.of("main"))
          .isEqualTo(new PartHealth("main", false, START, "it has not answered since then"));
      assertThat(health.of("disk").ready()).isTrue();
    }
  }

  @Test
  void theLagOfWhoIsUpToDateIsNothing() {
    Lag lag = new Lag(() -> now);
    lag.saw(new Lsn(100), new Lsn(100));
    now = START.plusSeconds(3600);
    lag.saw(new Lsn(100), new Lsn(100));
    assertThat(lag.bytes(new Lsn(100), new Lsn(100), true)).isZero();
    assertThat(lag.seconds(true)).isZero();
  }

  @Test
  void theLagIsSinceMainWasWhereTheReaderIs() {
    Lag lag = new Lag(() -> now);
    lag.saw(new Lsn(100), new Lsn(100));
    now = START.plusSeconds(10);
    lag.saw(new Lsn(200), new Lsn(100));
    now = START.plusSeconds(20);
    lag.saw(new Lsn(300), new Lsn(150));
    now = START.plusSeconds(25);
    assertThat(lag.bytes(new Lsn(300), new Lsn(150), true)).isEqualTo(150);
    assertThat(lag.seconds(true)).isEqualTo(15);
    lag.saw(new Lsn(300), new Lsn(250));
    assertThat(lag.seconds(true)).isEqualTo(5);
  }

  @Test
  void whoIsNotConnectedIsNeverUpToDate() {
    Lag lag = new Lag(() -> now);
    lag.saw(new Lsn(100), new Lsn(100));
    assertThat(lag.bytes(new Lsn(100), new Lsn(100), false)).isNaN();
    assertThat(lag.seconds(false)).isPositive();
    now = START.plusSeconds(60);
    assertThat(lag.seconds(false)).isEqualTo(60);
    assertThat(lag.bytes(new Lsn(140), new Lsn(100), false)).isEqualTo(40);
  }
}

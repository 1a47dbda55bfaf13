package dev.anabranch.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.server.http.StatusHistory;
import dev.anabranch.server.http.StatusHistory.MeasuredSeries;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Samples, as many as are kept. */
class LastHourTest {

  private final Map<String, Double> meters = new ConcurrentHashMap<>();
  private final LastHour hour =
      new LastHour(name -> meters.getOrDefault(name, Double.NaN), Clock.systemUTC());

  private MeasuredSeries series(String name) {
    return hour.told().series().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsNotKnownIsNullAndWhatGrowsIsARate() {
    try (hour) {
      meters.put("anabranch.gateway.connections", 3.0);
      meters.put("anabranch.checks", 10.0);
      hour.sample();
      meters.put("anabranch.checks", 12.0);
      hour.sample();
      meters.put("anabranch.checks", 1.0); // counted anew
      hour.sample();
      assertThat(series("connections").values()).containsExactly(null, 3.0, 3.0, 3.0);
      assertThat(series("checks").values())
          .hasSize(4)
          .satisfiesExactly(
              first -> assertThat(first).isNull(),
              unknownBefore -> assertThat(unknownBefore).isNull(),
              grown -> assertThat(grown).isPositive(),
              anew -> assertThat(anew).isNull());
      assertThat(series("feedLag").values()).containsOnlyNulls();
      assertThat(series("checks").metric()).isEqualTo("anabranch_checks_total");
    }
  }

  @Test
  void theOldestGoWhenThereAreEnough() {
    try (hour) {
      for (int i = 0; i < LastHour.SAMPLES + 5; i++) {
        meters.put("anabranch.branches", (double) i);
        hour.sample();
      }
      StatusHistory told = hour.told();
      assertThat(told.at()).hasSize(LastHour.SAMPLES).isSorted();
      assertThat(series("branches").values()).hasSize(LastHour.SAMPLES);
      assertThat(series("branches").values().getLast()).isEqualTo(LastHour.SAMPLES + 4.0);
    }
  }
}

package dev.anabranch.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistorySeenTest {

  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

  private static HistorySeen.Series series(String unit, @Nullable Double... values) {
    return new HistorySeen.Series("lag", "mirror lag", "m", unit, Arrays.asList(values));
  }

  @Test
  void whatIsNotKnownLeavesAGap() {
    HistorySeen.Series series = series("bytes", 0.0, 2048.0, null, 1024.0);
    assertThat(series.lines()).containsExactly("237.0,39.0 238.0,1.0", "240.0,20.0");
    assertThat(series.described())
        .isEqualTo("Now 1.0 kB; in the last hour between 0 B and 2.0 kB.");
  }

  @Test
  void nothingKnownIsSaid() {
    HistorySeen.Series series = series("perMinute", (Double) null);
    assertThat(series.lines()).isEmpty();
    assertThat(series.described()).isEqualTo("Not known yet.");
    assertThat(series.latest()).isEqualTo("—");
  }

  @Test
  void theTableHasASampleEachFiveMinutesTheNewestFirst() {
    List<Instant> at = IntStream.range(0, 41).mapToObj(i -> START.plusSeconds(15L * i)).toList();
    HistorySeen.Series series =
        series("count", IntStream.range(0, 41).mapToObj(i -> (double) i).toArray(Double[]::new));
    assertThat(new HistorySeen(15, at, List.of(series)).rows())
        .containsExactly(
            new HistorySeen.Row("10:10", List.of("40")),
            new HistorySeen.Row("10:05", List.of("20")),
            new HistorySeen.Row("10:00", List.of("0")));
  }
}

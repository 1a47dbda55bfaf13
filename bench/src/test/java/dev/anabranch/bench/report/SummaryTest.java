package dev.anabranch.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void percentilesOfAThousandEvenSteps() {
    Summary summary =
        Summary.ofNanos(LongStream.rangeClosed(1, 1_000).map(millis -> millis * 1_000_000));

    assertThat(summary.count()).isEqualTo(1_000);
    assertThat(summary.p50()).isCloseTo(500, within(1.0));
    assertThat(summary.p95()).isCloseTo(950, within(1.0));
    assertThat(summary.p99()).isCloseTo(990, within(1.0));
    assertThat(summary.max()).isCloseTo(1_000, within(1.0));
  }

  @Test
  void nothingMeasuredIsNotANumber() {
    Summary summary = Summary.ofNanos(LongStream.empty());

    assertThat(summary.count()).isZero();
    assertThat(summary.p50()).isNaN();
    assertThat(summary.max()).isNaN();
  }
}

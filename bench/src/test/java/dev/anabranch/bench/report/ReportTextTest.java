package dev.anabranch.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.bench.measure.Findings;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class ReportTextTest {

  private static final Machine MACHINE =
      new Machine(2, "a processor", 24, "Linux 6", "25", "xfs", true, "18.6");

  private static Report report() {
    Findings findings = new Findings(ignored -> {});
    findings.figure("branch ÷ check", 12.345, "×", Goal.atLeast("", 50, "×", 12.345));
    findings.latencies(
        "check", new Summary(20, 1.5, 20, 345.6, 1234.5), Goal.atMost("p50", 60, "ms", 1.5));
    findings.latencies("nothing", new Summary(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN));
    findings.figure("verdicts", 1_000, "");
    findings.failed("a false hold");
    return new Report(
        "check",
        Instant.parse("2026-11-21T14:00:00Z"),
        MACHINE,
        0.5,
        1.25,
        Map.of("answers", "100"),
        findings.lines(),
        findings.failures());
  }

  @Test
  void latenciesStandInOneTableAndFiguresInAnother() {
    assertThat(ReportText.of(report()))
        .isEqualTo(
            """
            check   2026-11-21T14:00:00Z
            2 cores (a processor), 24 GB, Linux 6; xfs, where a copy shares its blocks; Postgres 18.6; Java 25
            load average 0.50 before, 1.25 after
            --answers 100

            milliseconds          p50       p95       p99       max    times
            check                1.50        20       346     1,235       20  p50 ≤ 60 ms: met
            nothing                 –         –         –         –        0

            branch ÷ check       12.3 ×          ≥ 50 ×: missed
            verdicts            1,000
            FAILED: a false hold
            """);
  }

  @Test
  void programsReadTheSame() {
    JsonNode json = new ObjectMapper().readTree(report().json());

    assertThat(json.path("benchmark").asString()).isEqualTo("check");
    assertThat(json.path("date").asString()).isEqualTo("2026-11-21T14:00:00Z");
    assertThat(json.path("machine").path("filesystem").asString()).isEqualTo("xfs");
    assertThat(json.path("options").path("answers").asString()).isEqualTo("100");
    assertThat(json.path("lines")).hasSize(4);
    assertThat(json.path("lines").get(0).path("value").asDouble()).isEqualTo(12.345);
    assertThat(json.path("lines").get(0).path("goal").path("met").asBoolean()).isFalse();
    assertThat(json.path("lines").get(1).path("milliseconds").path("p99").asDouble())
        .isEqualTo(345.6);
    assertThat(json.path("failures").get(0).asString()).isEqualTo("a false hold");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "0.0412 | 0.04",
        "0.999 | 1.00",
        "1.5 | 1.50",
        "12.345 | 12.3",
        "99.96 | 100.0",
        "345.6 | 346",
        "1234567.8 | 1,234,568",
        "-3.25 | -3.25",
        "NaN | –",
        "Infinity | –"
      })
  void numbersHaveAsManyDigitsAsAMeasurementDeserves(double value, String text) {
    assertThat(ReportText.number(value)).isEqualTo(text);
  }
}

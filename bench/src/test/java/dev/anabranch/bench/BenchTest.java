package dev.anabranch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What users mistype, and what they are told. */
@Tag("postgres")
class BenchTest {

  private static final int USAGE = 2;

  private final StringWriter said = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = Bench.commandLine();
    line.setErr(new PrintWriter(said, true));
    line.setOut(new PrintWriter(said, true));
    return line.execute(arguments);
  }

  @ParameterizedTest
  @CsvSource({
    "create --branches many, Invalid value for option '--branches'",
    "create --tps 0, --tps must be at least 1",
    "check --answers -5, --answers must be at least 1",
    "check --orders 1000 --changes 5000, --changes 5000 is too many for --orders 1000",
    "promote --rows 101, --rows 101 must be even",
    "promote --rows 100 --units 80, at least twice --units 80",
    "feed --format xml, Invalid value for option '--format'",
    "feed --speed 3, Unknown option",
    "'gateway --clients 8,0', --clients must be at least 1",
    "gateway --modes fast, Invalid value for option '--modes'",
    "fly, Unmatched argument"
  })
  void aMistakeIsToldAndNothingIsMeasured(String command, String sentence) {
    assertThat(run(command.split(" "))).isEqualTo(USAGE);
    assertThat(said.toString()).contains(sentence);
  }

  @Test
  void helpNamesEveryBenchmark() {
    assertThat(run("--help")).isZero();
    assertThat(said.toString()).contains("create", "check", "promote", "feed", "--data");
  }
}

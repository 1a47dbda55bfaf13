package dev.anabranch.bench.report;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;

/**
 * What one run of a benchmark found.
 *
 * @param loadBefore the system's load average when it began
 * @param loadAfter when it ended, its own load included
 * @param options the sizes it ran with
 * @param failures what must not happen at any speed, such as a false hold
 */
public record Report(
    String benchmark,
    Instant date,
    Machine machine,
    double loadBefore,
    double loadAfter,
    Map<String, String> options,
    List<Line> lines,
    List<String> failures) {

  private static final ObjectMapper JSON =
      tools.jackson.databind.json.JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  public Report {
    options = new LinkedHashMap<>(options);
    lines = List.copyOf(lines);
    failures = List.copyOf(failures);
  }

  /** For programs. */
  public String json() {
    return JSON.writeValueAsString(this);
  }
}

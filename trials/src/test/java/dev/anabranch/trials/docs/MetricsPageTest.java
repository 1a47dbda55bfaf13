package dev.anabranch.trials.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page of metrics has what a server prints, and alert rules and the dashboard name nothing
 * else. {@code -Danabranch.docs.write=true} writes the page anew.
 */
@Tag("postgres")
class MetricsPageTest {

  private static final Path DOCS = Path.of(System.getProperty("anabranch.root"), "docs");
  private static final Path PAGE = DOCS.resolve("metrics.md");
  private static final Pattern NAME = Pattern.compile("\\b(?:anabranch|jvm|process)_[a-z_]+\\b");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  private static List<String> printed = List.of();

  @BeforeAll
  static void ask() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      printed =
          http.send(
                  LiveServer.shared().product().request("/metrics").build(),
                  BodyHandlers.ofString())
              .body()
              .lines()
              .toList();
    }
  }

  /** What is printed of one metric. */
  private record Family(String type, String help, Set<String> labels) {}

  private static Map<String, Family> families() {
    Map<String, String> helps = new TreeMap<>();
    Map<String, Family> families = new TreeMap<>();
    for (String line : printed) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        helps.put(words[2], words.length > 3 ? words[3] : "");
      } else if (line.startsWith("# TYPE ")) {
        families.put(
            words[2], new Family(words[3], helps.getOrDefault(words[2], ""), labels(words[2])));
      }
    }
    return families;
  }

  private static Set<String> labels(String name) {
    Set<String> labels = new TreeSet<>();
    for (String line : printed) {
      if (line.startsWith(name + "{")) {
        Matcher label = LABEL.matcher(line);
        while (label.find()) {
          labels.add(label.group(1));
        }
      }
    }
    return labels;
  }

  private static Set<String> samples() {
    return printed.stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Metrics

            `GET /metrics` prints these in Prometheus's text format, for who has a token that can read. What can be counted is there from the start, at 0; what is
            not known is `NaN`. This page is written from what a server prints. What to watch, and what to do then: [Monitoring](monitoring.md).

            | metric | type | labels | meaning |
            |---|---|---|---|
            """);
    families()
        .forEach((name, family) ->
            page.append(
                "| `%s` | %s | %s | %s |\n"
                    .formatted(
                        name,
                        family.type(),
                        family.labels().stream()
                            .map(label -> "`" + label + "`")
                            .collect(Collectors.joining(", ")),
                        family.help())));
    return page.toString();
  }

  @Test
  void thePageSaysWhatIsPrinted() throws IOException {
    if (Boolean.getBoolean("anabranch.docs.write")) {
      Files.writeString(PAGE, page());
    }
    assertThat(PAGE)
        .as("generated: run this test with -Danabranch.docs.write=true")
        .hasContent(page());
    assertThat(families())
        .allSatisfy((name, family) -> assertThat(family.help()).as(name).isNotBlank());
  }

  @Test
  void nothingThatIsMeasuredIsASecret() {
    String token = LiveServer.shared().product().token().orElseThrow();
    assertThat(String.join("\n", printed)).doesNotContain(token, "anab_");
  }

  @Test
  void theAlertsAreAboutWhatIsPrinted() throws IOException {
    List<String> lines = Files.readAllLines(DOCS.resolve("alerts.yml"));
    assertThat(lines).filteredOn(line -> line.contains("- alert: ")).hasSizeGreaterThan(10);
    for (String field : List.of("expr: ", "labels: {severity: ", "annotations:", "summary: ")) {
      assertThat(lines.stream().filter(line -> line.strip().startsWith(field)).count())
          .as(field)
          .isEqualTo(lines.stream().filter(line -> line.contains("- alert: ")).count());
    }
    lines.stream()
        .filter(line -> line.strip().startsWith("expr: "))
        .forEach(MetricsPageTest::isAboutWhatIsPrinted);
    String monitoring = Files.readString(DOCS.resolve("monitoring.md"));
    lines.stream()
        .filter(line -> line.contains("- alert: "))
        .map(line -> line.substring(line.indexOf(": ") + 2))
        .forEach(alert -> assertThat(monitoring).contains("`" + alert + "`"));
  }

  @Test
  void theDashboardShowsWhatIsPrinted() throws IOException {
    JsonNode dashboard =
        JsonMapper.builder().build().readTree(Files.readString(DOCS.resolve("grafana.json")));
    List<String> expressions = dashboard.path("panels").findValuesAsString("expr");
    assertThat(expressions).hasSizeGreaterThan(15);
    expressions.forEach(MetricsPageTest::isAboutWhatIsPrinted);
    isAboutWhatIsPrinted(dashboard.path("templating").toString());
  }

  private static void isAboutWhatIsPrinted(String expression) {
    Matcher name = NAME.matcher(expression);
    while (name.find()) {
      assertThat(samples()).as(expression).contains(name.group());
    }
  }
}

package dev.anabranch.trials.drive;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A check's report, as its JSON says it.
 *
 * @param asOf the position it is true as of
 * @param answers one entry for each answer, in the report's order
 */
public record Verdicts(String asOf, List<Entry> answers) {

  private static final Pattern LABEL = Pattern.compile("/\\* ([A-Za-z0-9_-]+) \\*/");

  /** The label of what a session kept out of the ledger. */
  public static final String WITHHELD = "withheld";

  /**
   * One answer's verdict.
   *
   * @param id the answer's id
   * @param label the label it was asked under, empty when it had none
   * @param verdict {@code holds}, {@code changed} or {@code undecided}
   * @param proof the proof's name, empty when there is none
   * @param reason in words
   * @param was the rows then, null when they were not kept
   * @param now the rows now, null when they were not kept or are not known
   */
  public record Entry(
      long id,
      String label,
      String sql,
      String verdict,
      String proof,
      String reason,
      @Nullable List<List<@Nullable String>> was,
      @Nullable List<List<@Nullable String>> now,
      JsonNode evidence) {}

  /**
   * Reads the JSON of a check.
   *
   * @throws IllegalStateException when one of them was asked again without a reason
   */
  public static Verdicts of(JsonNode report) {
    List<Entry> answers = new ArrayList<>();
    Set<Long> withheld = new HashSet<>();
    report.path("withheld").forEach(kept -> withheld.add(kept.get("answer").asLong()));
    for (JsonNode answer : report.get("answers")) {
      long id = answer.get("id").asLong();
      if (answer.path("proof").asString("").equals("rerun") && !answer.has("askedBecause")) {
        throw new IllegalStateException("answer " + id + " was asked again, and does not say why");
      }
      String sql = answer.path("sql").asString("");
      Matcher label = LABEL.matcher(sql);
      answers.add(
          new Entry(
              id,
              withheld.contains(id) ? WITHHELD : label.find() ? label.group(1) : "",
              sql,
              answer.get("verdict").asString(""),
              answer.path("proof").asString(""),
              answer.path("reason").asString(""),
              rows(answer.path("was")),
              rows(answer.path("now")),
              answer.path("evidence")));
    }
    return new Verdicts(report.path("asOf").asString(""), List.copyOf(answers));
  }

  /** The entries asked under a label; exactly one when every answer was captured once. */
  public List<Entry> labelled(String label) {
    return answers.stream().filter(entry -> entry.label().equals(label)).toList();
  }

  private static @Nullable List<List<@Nullable String>> rows(JsonNode node) {
    if (!node.isArray()) {
      return null;
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (JsonNode row : node) {
      List<@Nullable String> cells = new ArrayList<>();
      for (JsonNode cell : row) {
        cells.add(cell.isNull() ? null : cell.asString(""));
      }
      rows.add(Collections.unmodifiableList(cells));
    }
    return Collections.unmodifiableList(rows);
  }
}

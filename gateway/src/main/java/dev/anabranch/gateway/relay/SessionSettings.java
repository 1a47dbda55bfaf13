package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.SpellingSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a session's settings are, as far as they give meaning to its statements. Learned by SHOW, which takes no
 * snapshot and so disturbs nothing that the client may still want to set for its transaction.
 */
final class SessionSettings {

  private static final String TASK = "anabranch.task";
  private static final String CAPTURE = "anabranch.capture";

  private static final List<String> MEANINGFUL =
      List.of(
          "role",
          "search_path",
          "timezone",
          "datestyle",
          "intervalstyle",
          "extra_float_digits",
          "bytea_output",
          "transaction_isolation");

  private SortedMap<String, String> values = Collections.emptySortedMap();
  private SpellingSettings spelling = SpellingSettings.of("", "", "");
  private String task = "";
  private boolean capturing = true;
  private boolean known;

  /** The statements that tell all of it, each with one row of one value. */
  static List<String> questions() {
    List<String> questions = new ArrayList<>();
    MEANINGFUL.forEach(name -> questions.add("SHOW " + name));
    questions.add("SHOW " + TASK);
    questions.add("SHOW " + CAPTURE);
    return questions;
  }

  /** Takes the answers to {@link #questions}, in their order. */
  void learn(List<@Nullable String> answers) {
    SortedMap<String, String> learned = new TreeMap<>();
    for (int i = 0; i < MEANINGFUL.size(); i++) {
      learned.put(MEANINGFUL.get(i), text(answers.get(i)));
    }
    values = Collections.unmodifiableSortedMap(learned);
    spelling =
        SpellingSettings.of(
            learned.getOrDefault("datestyle", ""),
            learned.getOrDefault("timezone", ""),
            learned.getOrDefault("bytea_output", ""));
    task = text(answers.get(MEANINGFUL.size()));
    capturing = !text(answers.get(MEANINGFUL.size() + 1)).equalsIgnoreCase("off");
    known = true;
  }

  private static String text(@Nullable String answer) {
    return answer == null ? "" : answer;
  }

  /** Something may have changed them. */
  void doubt() {
    known = false;
  }

  boolean known() {
    return known;
  }

  SortedMap<String, String> values() {
    return values;
  }

  SpellingSettings spelling() {
    return spelling;
  }

  String task() {
    return task;
  }

  boolean capturing() {
    return capturing;
  }
}

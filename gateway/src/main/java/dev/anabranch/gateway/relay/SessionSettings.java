package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.SpellingSettings;
import dev.anabranch.ledger.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a session's settings are, as far as they give meaning to its statements. Inside a
 * transaction learned by SHOW, which takes no snapshot and so disturbs nothing that the client may
 * still want to set for it.
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

  private final Session session;
  private final NavigableSet<String> alsoSet = new TreeSet<>();
  private boolean fathomable = true;
  private SortedMap<String, String> values = Collections.emptySortedMap();
  private SpellingSettings spelling = SpellingSettings.UNKNOWN;
  private String taskName = "";
  private Task work;
  private Optional<Instant> withholdingSince = Optional.empty();
  private boolean known;

  SessionSettings(Session session) {
    this.session = session;
    this.work = new Task.Work(session.role(), "", session.clientHost());
  }

  /**
   * The statements that tell all of it: one, or, where a transaction may still be given its
   * snapshot, as many as there are settings.
   */
  List<String> questions(boolean inTransaction) {
    List<String> names = new ArrayList<>(MEANINGFUL);
    names.add(TASK);
    names.add(CAPTURE);
    names.addAll(alsoSet);
    return inTransaction
        ? names.stream().map(name -> "SHOW " + name).toList()
        : List.of(
            names.stream()
                .map(name -> "pg_catalog.current_setting('" + name.replace("'", "''") + "', true)")
                .collect(Collectors.joining(", ", "SELECT ", "")));
  }

  /** Takes the answers to {@link #questions}, in their order, as they came just now. */
  void learn(List<@Nullable String> answers, Instant now) {
    SortedMap<String, String> learned = new TreeMap<>();
    for (int i = 0; i < MEANINGFUL.size(); i++) {
      learned.put(MEANINGFUL.get(i), text(answers.get(i)));
    }
    int next = MEANINGFUL.size() + 2;
    for (String name : alsoSet) {
      learned.put(name, text(answers.get(next)));
      next++;
    }
    values = Collections.unmodifiableSortedMap(learned);
    spelling = SpellingSettings.of(learned);
    taskName = text(answers.get(MEANINGFUL.size()));
    boolean capturing = !text(answers.get(MEANINGFUL.size() + 1)).equalsIgnoreCase("off");
    withholdingSince = capturing ? Optional.empty() : withholdingSince.or(() -> Optional.of(now));
    known = fathomable;
  }

  private static String text(@Nullable String answer) {
    return answer == null ? "" : answer;
  }

  /** Something may have changed them. */
  void doubt() {
    known = false;
  }

  /** A statement has set these, or has set something that can't be told. */
  void set(Optional<List<String>> names) {
    names.ifPresentOrElse(alsoSet::addAll, () -> fathomable = false);
    known = false;
  }

  /** Whether asking the branch would tell more. */
  boolean wantAsking() {
    return !known && fathomable;
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

  /** What the session said it was doing, or else which window of work it belongs to. */
  Task task() {
    return taskName.isEmpty() ? work : new Task.Named(taskName);
  }

  /** What a statement was for: a name goes before its own trace. */
  Task task(SqlStatement statement) {
    return taskName.isEmpty() && statement.trace().isPresent() ? statement.trace().get() : task();
  }

  /** Its application_name is another. */
  void application(String name) {
    work = new Task.Work(session.role(), name, session.clientHost());
  }

  /** Since when the session has wanted none of its answers kept; empty when it lets them be. */
  Optional<Instant> withholdingSince() {
    return withholdingSince;
  }
}

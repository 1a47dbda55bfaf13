package dev.anabranch.gateway.relay;

import dev.anabranch.base.Traps.Trap;
import dev.anabranch.gateway.wire.SpellingSettings;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a session's settings are, as far as they give meaning to its statements, and its temporary
 * tables. Inside a transaction in which no query ran yet they are learned by SHOW, which takes no
 * snapshot and so disturbs nothing that the client may still want to set for it.
 */
final class SessionSettings {

  private static final String TASK = "anabranch.task";
  private static final String CAPTURE = "anabranch.capture";

  private static final Circumstances NOT_WAITED =
      Circumstances.unknown(
          "the client did not wait for a statement before it, which may have changed its session's"
              + " settings or temporary tables");

  private static final Circumstances ANOTHER_USER =
      Circumstances.unknown("its session acted as another user (SET SESSION AUTHORIZATION)");

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

  private static final int MOST_PERHAPS = 200;

  /** Quoted names of all that stands before a table or type of the same name. */
  private static final String TEMPORARY_TABLES =
      "coalesce((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(name), ',') FROM (SELECT"
          + " relname AS name FROM pg_catalog.pg_class WHERE relnamespace ="
          + " pg_catalog.pg_my_temp_schema() AND relkind NOT IN ('i', 'I', 't') UNION SELECT"
          + " typname FROM pg_catalog.pg_type WHERE typnamespace = pg_catalog.pg_my_temp_schema()"
          + " AND typcategory <> 'A' ORDER BY 1) t), '')";

  private final Session session;

  /** Names of settings that there are, since the client has set them. */
  private final NavigableSet<String> alsoSet = new TreeSet<>();

  /** Names of settings that code may have set. */
  private final NavigableSet<String> perhapsSet = new TreeSet<>();

  /** Names of settings that words have set since code last ran. */
  private final NavigableSet<String> setByWords = new TreeSet<>();

  private Circumstances now = NOT_WAITED;
  private SortedMap<String, String> values = Collections.emptySortedMap();
  private boolean actsAsAnother;
  private String temporary = "";
  private SpellingSettings spelling = SpellingSettings.UNKNOWN;
  private String taskName = "";
  private String application = "";
  private Task work;
  private Optional<Instant> withholdingSince = Optional.empty();

  /** Since they were learned, a query ran that may have changed them and the temporary tables. */
  private boolean codeRan;

  private boolean everRanCode;

  private Asked asked = new Asked(List.of(), false, Catalogs.NO, 0);

  /** What of the catalogs a question is about. */
  private enum Catalogs {
    NO,
    IS_THERE_ANY,
    WHAT_IS_THERE
  }

  /** What the newest questions were, in their order. */
  private record Asked(List<String> names, boolean temporary, Catalogs catalogs, long version) {}

  SessionSettings(Session session) {
    this.session = session;
    this.work = new Task.Work(session.role(), "", session.clientHost());
  }

  /** The statements that tell all of it. */
  List<String> questions(boolean inTransaction) {
    Unsettling unsettling = session.unsettling();
    if (codeRan) {
      perhapsSet.addAll(SettingNames.MEANINGFUL);
      perhapsSet.addAll(mostOf(unsettling.settings()));
    }
    boolean byShow = inTransaction && !codeRan;
    List<String> names = new ArrayList<>(MEANINGFUL);
    names.add(TASK);
    names.add(CAPTURE);
    names.addAll(alsoSet);
    if (!byShow) {
      perhapsSet.stream().filter(name -> !alsoSet.contains(name)).forEach(names::add);
    }
    asked = new Asked(names, codeRan, catalogs(inTransaction), unsettling.version());
    List<String> questions = new ArrayList<>();
    if (byShow) {
      names.forEach(name -> questions.add("SHOW " + name));
    } else {
      questions.add(
          names.stream()
              .map(name -> "pg_catalog.current_setting('" + name.replace("'", "''") + "', true)")
              .collect(
                  Collectors.joining(", ", "SELECT ", codeRan ? ", " + TEMPORARY_TABLES : "")));
    }
    switch (asked.catalogs()) {
      case NO -> {}
      case IS_THERE_ANY -> questions.add(Unsettling.IS_THERE_ANY);
      case WHAT_IS_THERE -> questions.add(Unsettling.WHAT_IS_THERE);
    }
    return questions;
  }

  private static List<String> mostOf(Collection<String> names) {
    return names.stream().sorted().limit(MOST_PERHAPS).toList();
  }

  /** Searching them is not for a client's transaction, which it must never fail. */
  private Catalogs catalogs(boolean inTransaction) {
    Unsettling unsettling = session.unsettling();
    if (inTransaction || !session.recorded()) {
      return Catalogs.NO;
    }
    if (unsettling.wasNeverAsked() && !codeRan && asked.catalogs() == Catalogs.NO) {
      return Catalogs.IS_THERE_ANY;
    }
    return unsettling.isStale() || (codeRan && !unsettling.isSearched())
        ? Catalogs.WHAT_IS_THERE
        : Catalogs.NO;
  }

  /** Takes the answers to {@link #questions}, in their order, as they came just now. */
  void learn(List<@Nullable String> answers, Instant when) {
    SortedMap<String, String> learned = new TreeMap<>();
    for (int i = 0; i < asked.names().size(); i++) {
      String value = answers.get(i);
      if (value != null || alsoSet.contains(asked.names().get(i))) {
        learned.put(asked.names().get(i), text(value));
      }
    }
    int next = asked.names().size();
    if (asked.temporary()) {
      temporary = text(answers.get(next));
      next++;
    }
    boolean more = learnOfCatalogs(answers.subList(next, answers.size()));
    taskName = text(learned.remove(TASK));
    boolean capturing = !text(learned.remove(CAPTURE)).equalsIgnoreCase("off");
    withholdingSince = capturing ? Optional.empty() : withholdingSince.or(() -> Optional.of(when));
    keepUnasked(learned);
    if (!temporary.isEmpty()) {
      learned.put(Question.TEMPORARY, temporary);
    }
    if (!application.isEmpty()) {
      learned.put(Question.APPLICATION, application);
    }
    if (everRanCode && !setByWords.isEmpty()) {
      learned.put(Question.SET_BY_WORDS, String.join(",", setByWords));
    }
    values = Collections.unmodifiableSortedMap(learned);
    spelling = SpellingSettings.of(values);
    if (!more) {
      codeRan = false;
      now = new Circumstances(values);
    }
  }

  /** What SHOW was not asked for is as it was. */
  private void keepUnasked(SortedMap<String, String> learned) {
    for (String name : perhapsSet) {
      String before = asked.names().contains(name) ? null : values.get(name);
      if (before != null) {
        learned.put(name, before);
      }
    }
  }

  /** Whether what the catalogs told gives more to ask for. */
  private boolean learnOfCatalogs(List<@Nullable String> cells) {
    Unsettling unsettling = session.unsettling();
    return switch (asked.catalogs()) {
      case NO -> false;
      case IS_THERE_ANY -> {
        boolean none = "f".equals(cells.getFirst());
        if (none) {
          unsettling.learnNone(asked.version());
        }
        yield !none;
      }
      case WHAT_IS_THERE -> {
        unsettling.learn(cells, asked.version());
        yield codeRan && !perhapsSet.containsAll(mostOf(unsettling.settings()));
      }
    };
  }

  private static String text(@Nullable String answer) {
    return answer == null ? "" : answer;
  }

  /** Something may have changed them. */
  void doubt() {
    now = NOT_WAITED;
  }

  /** It can't be told any more which reply belongs to which statement. */
  void despair() {
    now =
        Circumstances.unknown(
            "after a copy that failed amid more that the client had sent, it can't be told which"
                + " reply was whose");
  }

  /** A statement has set these. */
  void set(Collection<String> names) {
    alsoSet.addAll(names);
    now = NOT_WAITED;
  }

  /** Words of the session have set these, or the end of its transaction took them back. */
  void setByWords(Collection<String> names) {
    setByWords.addAll(names);
  }

  /** What has been set since is not by words alone. */
  void codeMaySet() {
    setByWords.clear();
  }

  /**
   * A query ran that may have set anything.
   *
   * @param perhaps names of settings of applications that it may have set, beside those of the
   *     branch's own code
   */
  void codeRan(Collection<String> perhaps) {
    if (session.has(Trap.CODE_SETS_NOTHING)) {
      return;
    }
    perhaps.stream()
        .filter(name -> !name.startsWith("anabranch.") && perhapsSet.size() < MOST_PERHAPS)
        .forEach(perhapsSet::add);
    codeRan = true;
    everRanCode = true;
    now = NOT_WAITED;
  }

  /**
   * Whether a statement reads settings by names that were not asked for, although code of the
   * session may have set them. They are asked for from then on.
   */
  boolean isReadUnasked(SqlStatement statement) {
    if (!everRanCode || !statement.mentioned().contains("current_setting") || !now.known()) {
      return false;
    }
    Set<String> names = Unsettling.settingsIn(statement.text());
    if (!names.isEmpty() && now.settings().keySet().containsAll(names)) {
      return false;
    }
    if (!perhapsSet.containsAll(names)) {
      codeRan(names);
    }
    return true;
  }

  /** Whether the session has any temporary table. */
  boolean hasTemporary() {
    return !temporary.isEmpty();
  }

  /** Whether asking the branch would tell more. */
  @SuppressWarnings("ReferenceEquality") // It is one of a kind.
  boolean wantAsking() {
    return now == NOT_WAITED;
  }

  /** What gives meaning to a statement that is run now. */
  Circumstances now() {
    return actsAsAnother ? ANOTHER_USER : now;
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

  /** Whose session it is for Postgres. */
  void user(String name) {
    actsAsAnother = !name.equals(session.role());
  }

  /** Its application_name is another. */
  void application(String name) {
    application = name;
    work = new Task.Work(session.role(), name, session.clientHost());
  }

  /** Since when the session has wanted none of its answers kept; empty when it lets them be. */
  Optional<Instant> withholdingSince() {
    return withholdingSince;
  }
}

package dev.anabranch.gateway.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a branch runs code that may change a session's settings, or make temporary tables, behind
 * the words of a statement: functions whose body may, and the tables, views, policies, defaults and
 * operators that reach them. Told by the catalogs, once for all sessions and again when they may
 * have changed. Safe for any thread.
 *
 * <p>What is not sure counts as such code: that costs a session a question, no more.
 */
public final class Unsettling {

  /** Asks whether there is any code that the catalogs would have to be searched for. One cell. */
  static final String IS_THERE_ANY =
      "SELECT EXISTS (SELECT FROM pg_catalog.pg_proc WHERE oid >= 16384 AND prolang NOT IN (12, 13)"
          + " AND pronamespace IS DISTINCT FROM"
          + " pg_catalog.to_regnamespace('anabranch')::pg_catalog.oid)";

  /** Asks the catalogs. One row, of {@link #CELLS} cells. */
  static final String WHAT_IS_THERE = resource("unsettling.sql");

  static final int CELLS = 5;

  private static final long NEVER = -1;
  private static final String BETWEEN = "\u0001";
  private static final int LONGEST_ASCII = 63;
  private static final int LONGEST_OTHER = 15;

  /** Functions of Postgres and its extensions that set, or that run a text they are given. */
  private static final Set<String> BUILT_IN =
      Set.of(
          "set_config",
          "set_limit",
          "query_to_xml",
          "query_to_xmlschema",
          "query_to_xml_and_xmlschema",
          "ts_stat",
          "ts_rewrite");

  private static final Pattern DOTTED =
      Pattern.compile("(?<name>[A-Za-z_][A-Za-z0-9_$]*(?:\\.[A-Za-z_][A-Za-z0-9_$]*)+)");

  /** With none of such code there, only these can bring some. */
  private static final Pattern BRINGS_CODE =
      Pattern.compile(
          "(CREATE|ALTER) (FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|EXTENSION|LANGUAGE|SCHEMA)");

  private static final Pattern CHANGES_WHAT_RUNS_IT = Pattern.compile("(CREATE|ALTER|IMPORT) .*");

  private final AtomicLong changes = new AtomicLong();
  private volatile Known known =
      new Known(NEVER, false, Set.of(), Set.of(), Set.of(), false, Set.of());

  /**
   * What the catalogs told.
   *
   * @param asOf how many changes there had been then
   * @param searched whether all was asked, and not only if there is anything
   * @param names of functions, relations and types, as {@link #key} has them
   * @param makers those of them that may change the catalogs as well
   * @param operators their symbols
   * @param anything whether any statement may run such code, as with a cast
   * @param settings names with a dot that code of the branch reads or sets
   */
  private record Known(
      long asOf,
      boolean searched,
      Set<String> names,
      Set<String> makers,
      Set<String> operators,
      boolean anything,
      Set<String> settings) {

    boolean isEmpty() {
      return names.isEmpty() && operators.isEmpty() && !anything;
    }
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(Unsettling.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + name, e);
    }
  }

  /** Whether a statement of this tag may have changed what was told. */
  boolean isChangedBy(String tag) {
    return (known.isEmpty() ? BRINGS_CODE : CHANGES_WHAT_RUNS_IT).matcher(tag).matches();
  }

  /** The catalogs may have changed. */
  void changed() {
    changes.incrementAndGet();
  }

  /** How many changes there have been. */
  long version() {
    return changes.get();
  }

  /** Whether the catalogs should be asked. */
  boolean isStale() {
    return known.asOf() != changes.get();
  }

  /** Whether they were asked for all of it, ever. */
  boolean isSearched() {
    return known.searched();
  }

  boolean wasNeverAsked() {
    return known.asOf() == NEVER;
  }

  /** Whether a statement may run such code, or nobody can tell. */
  boolean mayRun(SqlStatement statement) {
    Known now = known;
    return statement.runsAnything()
        || !Collections.disjoint(statement.mentioned(), BUILT_IN)
        || isStale()
        || (!now.isEmpty() && reaches(now, statement));
  }

  /** Whether it may change the catalogs without its tag saying so. */
  boolean mayChangeCatalogs(SqlStatement statement) {
    return statement.mayHideDefinitions() || mentions(known.makers(), statement);
  }

  private static boolean reaches(Known now, SqlStatement statement) {
    return now.anything()
        || statement.isFetch()
        || mentions(now.names(), statement)
        || now.operators().stream().anyMatch(statement.text()::contains);
  }

  private static boolean mentions(Set<String> names, SqlStatement statement) {
    return !names.isEmpty()
        && (statement.text().contains("u&\"")
            || statement.text().contains("U&\"")
            || statement.names().anyMatch(word -> names.contains(key(word)))
            || statement.quoted().stream().anyMatch(word -> names.contains(key(word))));
  }

  /** A name as far as it can be compared: Postgres may fold its case, and cuts it to 63 bytes. */
  static String key(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean ascii = lower.chars().allMatch(c -> c < 128);
    return lower.substring(0, Math.min(lower.length(), ascii ? LONGEST_ASCII : LONGEST_OTHER));
  }

  /** Names of settings that code of the branch reads or sets, as far as its text tells. */
  Set<String> settings() {
    return known.settings();
  }

  /** What may be names of applications' settings in a text. */
  static Set<String> settingsIn(String text) {
    Set<String> names = new HashSet<>();
    Matcher found = DOTTED.matcher(text);
    while (found.find()) {
      names.add(found.group("name").toLowerCase(Locale.ROOT));
    }
    return names;
  }

  /** {@link #IS_THERE_ANY}, asked at a version, was answered with no. */
  void learnNone(long version) {
    learn(List.of("", "", "", "f", ""), version, known.searched());
  }

  /**
   * Takes the answer to {@link #WHAT_IS_THERE}, asked at a version. Names are kept for good: what
   * one session sees in its own transaction, another may not see yet.
   */
  void learn(List<@Nullable String> cells, long version) {
    learn(cells, version, true);
  }

  private void learn(List<@Nullable String> cells, long version, boolean searched) {
    synchronized (changes) {
      Known before = known;
      known =
          new Known(
              Math.max(version, before.asOf()),
              searched || before.searched(),
              union(before.names(), keys(cells.get(0))),
              union(before.makers(), keys(cells.get(1))),
              union(before.operators(), words(cells.get(2))),
              before.anything() || "t".equals(cells.get(3)),
              union(before.settings(), words(cells.get(4))));
    }
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    if (some.containsAll(others)) {
      return some;
    }
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    return Set.copyOf(all);
  }

  private static Set<String> keys(@Nullable String cell) {
    Set<String> keys = new HashSet<>();
    words(cell).forEach(name -> keys.add(key(name)));
    return keys;
  }

  private static Set<String> words(@Nullable String cell) {
    return cell == null || cell.isEmpty()
        ? Set.of()
        : new HashSet<>(List.of(cell.split(BETWEEN, -1)));
  }
}

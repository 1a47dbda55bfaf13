package dev.anabranch.gateway.relay;

import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import dev.anabranch.ledger.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cursors that a session has declared. What is fetched from one, forward and to its end, is one
 * answer to the query that it was declared for, as that was then; anything else is an answer that
 * is not complete.
 */
final class Cursors {

  private static final String NAME = "(?<name>\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)";
  private static final String START = "^(?:\\s|--[^\\n]*\\n|/\\*(?:[^*]|\\*(?!/))*\\*/)*";

  private static final Pattern DECLARE =
      Pattern.compile(
          START
              + "declare\\s+"
              + NAME
              + "(?:\\s+(?:binary|asensitive|insensitive|scroll|no\\s+scroll))*\\s+cursor"
              + "(?<hold>\\s+with\\s+hold)?(?:\\s+without\\s+hold)?\\s+for\\s+(?<query>.*)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern FETCH =
      Pattern.compile(
          START
              + "(?:fetch|move)\\s+(?:(?:(?<all>(?:forward\\s+)?all)|(?:forward\\s+)?(?<count>[0-9]{1,9})"
              + "|(?<one>next|forward)|(?<other>[a-z]+(?:\\s+(?:[+-]?[0-9]+|all))?|-[0-9]+))\\s+)??"
              + "(?:(?:from|in)\\s+)?"
              + NAME
              + "(?:\\s|/\\*(?:[^*]|\\*(?!/))*\\*/|--.*)*$",
          Pattern.CASE_INSENSITIVE);

  private static final int MOST = 200;

  private final Map<String, Cursor> cursors = new HashMap<>();

  /** A cursor while it is open. */
  private static final class Cursor {

    private final Portal query;
    private final boolean held;
    private List<FieldDescription> fields = List.of();
    private Optional<CapturedResult> rows = Optional.empty();

    /** Read forward from its start by all that was fetched so far. */
    private boolean straight = true;

    private boolean ended;

    Cursor(Portal query, boolean held) {
      this.query = query;
      this.held = held;
    }

    Portal read() {
      return rows.map(query::returning).orElse(query);
    }
  }

  private static String folded(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name.toLowerCase(Locale.ROOT);
  }

  /** DECLARE was done. */
  void declared(Portal portal, boolean standardStrings) {
    Matcher declare = DECLARE.matcher(portal.statement().text());
    if (!declare.matches()) {
      cursors.clear();
      return;
    }
    String name = folded(declare.group("name"));
    cursors.remove(name);
    SqlText.statements(declare.group("query"), standardStrings)
        .filter(found -> found.size() == 1 && cursors.size() < MOST)
        .map(found -> found.getFirst().withTrace(portal.statement().trace()))
        .ifPresent(query ->
            cursors.put(name, new Cursor(portal.asking(query), declare.group("hold") != null)));
  }

  private Optional<Cursor> of(SqlStatement fetch) {
    if (!fetch.isFetch() || cursors.isEmpty()) {
      return Optional.empty();
    }
    Matcher matcher = FETCH.matcher(fetch.text());
    return matcher.matches()
        ? Optional.ofNullable(cursors.get(folded(matcher.group("name"))))
        : Optional.empty();
  }

  /** The query that a FETCH runs on with; any other statement, and of an unknown cursor, itself. */
  SqlStatement meant(SqlStatement statement) {
    return of(statement).map(cursor -> cursor.query.statement()).orElse(statement);
  }

  /**
   * Where the rows of a FETCH go: to those that were fetched before.
   *
   * @param collect begins anew
   */
  CapturedResult rows(
      SqlStatement statement,
      List<FieldDescription> fields,
      Function<List<FieldDescription>, CapturedResult> collect) {
    Optional<Cursor> cursor =
        of(statement)
            .filter(found -> found.straight && !found.ended && isForward(statement.text()));
    if (cursor.isEmpty()) {
      return collect.apply(fields);
    }
    Cursor found = cursor.get();
    if (found.rows.isEmpty() || !found.fields.equals(fields)) {
      found.straight = found.rows.isEmpty();
      found.rows = Optional.of(collect.apply(fields));
      found.fields = fields;
    }
    return found.rows.get();
  }

  private static boolean isForward(String fetch) {
    Matcher matcher = FETCH.matcher(fetch);
    return matcher.matches() && matcher.group("other") == null;
  }

  /**
   * What a FETCH that is done makes known: nothing while there is more to come; empty when it is of
   * a cursor that nobody declared here.
   *
   * @param tag its command tag
   * @param tell makes the answer to a query, complete or not
   */
  Optional<List<Answer>> fetched(Portal fetch, String tag, Tell tell) {
    Optional<Cursor> cursor = of(fetch.statement());
    if (cursor.isEmpty()) {
      return Optional.empty();
    }
    Cursor found = cursor.get();
    Matcher matcher = FETCH.matcher(fetch.statement().text());
    long got = Long.parseLong(tag.substring(tag.lastIndexOf(' ') + 1));
    boolean moved = tag.startsWith("MOVE");
    boolean forward = matcher.matches() && matcher.group("other") == null && !moved;
    if (found.ended && got == 0) {
      return Optional.of(List.of());
    }
    if (!found.straight || found.ended || !forward) {
      List<Answer> before = found.straight ? told(found, tell) : List.of();
      found.straight = false;
      return Optional.of(
          moved ? passed(before, tell, found, tag) : with(before, tell, found, fetch));
    }
    long wanted =
        matcher.group("all") != null
            ? Long.MAX_VALUE
            : matcher.group("count") != null ? Long.parseLong(matcher.group("count")) : 1;
    if (got >= wanted && wanted > 0) {
      return Optional.of(List.of());
    }
    found.ended = wanted > 0;
    return Optional.of(found.ended ? List.of(tell.answer(found.read(), tag, true)) : List.of());
  }

  /** MOVE tells how many rows there were. */
  private static List<Answer> passed(List<Answer> before, Tell tell, Cursor cursor, String tag) {
    List<Answer> all = new ArrayList<>(before);
    all.add(tell.answer(cursor.query, tag, false));
    return all;
  }

  private static List<Answer> with(List<Answer> before, Tell tell, Cursor cursor, Portal fetch) {
    List<Answer> all = new ArrayList<>(before);
    boolean ownRows = fetch.result().isPresent() && !fetch.result().equals(cursor.rows);
    if (ownRows && fetch.result().filter(rows -> rows.rowCount() > 0).isPresent()) {
      all.add(tell.answer(fetch.result().map(cursor.query::returning).orElseThrow(), "", false));
    }
    return all;
  }

  /** What was fetched of a cursor that will not be read to its end. */
  private static List<Answer> told(Cursor cursor, Tell tell) {
    boolean anything = !cursor.ended && cursor.rows.filter(rows -> rows.rowCount() > 0).isPresent();
    return anything ? List.of(tell.answer(cursor.read(), "", false)) : List.of();
  }

  /** A transaction ends, and with it all cursors but those that are held. */
  List<Answer> end(Tell tell) {
    if (cursors.isEmpty()) {
      return List.of();
    }
    List<Answer> all = new ArrayList<>();
    for (Cursor cursor : cursors.values()) {
      if (cursor.straight) {
        all.addAll(told(cursor, tell));
      }
      cursor.straight = false;
    }
    cursors.values().removeIf(cursor -> !cursor.held);
    return all;
  }

  /** A cursor is closed. */
  List<Answer> closed(SqlStatement close, Tell tell) {
    List<String> words = close.words();
    String name = words.size() > 1 ? words.get(1) : "";
    Cursor cursor = cursors.get(name);
    if (cursor == null) {
      return end(tell);
    }
    cursors.remove(name);
    return cursor.straight ? told(cursor, tell) : List.of();
  }

  /** Makes an answer of what a query gave. */
  interface Tell {
    Answer answer(Portal query, String tag, boolean complete);
  }
}

package dev.anabranch.trials.cycles;

import dev.anabranch.trials.cycles.History.Entry;
import dev.anabranch.trials.cycles.History.Transaction;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Rows;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a branch's history executed again.
 *
 * @param told how each statement compares, by its number
 * @param effects how each committed transaction compares, by its number
 * @param words what differed, for a person
 * @param after all rows afterwards
 */
record Replay(
    Map<Integer, Sameness> told,
    Map<Integer, Sameness> effects,
    Map<Integer, String> words,
    Facts after) {

  private static final Set<String> TOLD_CLASSES = Set.of("21", "22", "23", "44", "P0");

  /**
   * Executes statements on a copy of main, in their order.
   *
   * @param first statements of main's that come before
   * @param last statements of main's that come after
   */
  static Replay of(
      Address copy,
      String schema,
      Contents.Layout layout,
      Numbers onBranch,
      List<String> first,
      Collection<Entry> part,
      List<String> last)
      throws SQLException {
    Map<Integer, Sameness> told = new HashMap<>();
    Map<Integer, Sameness> effects = new HashMap<>();
    Map<Integer, String> words = new HashMap<>();
    Numbers numbers = new Numbers();
    try (Connection observer = copy.connect();
        Player player = new Player(copy::connect, schema)) {
      Sql.run(observer, "SET search_path = " + schema);
      Sql.run(observer, first);
      Facts before = look(observer, schema, layout, numbers);
      player.remember(onBranch.remembered(numbers));
      for (Entry entry : part) {
        if (skipped(entry)) {
          continue;
        }
        Told now = player.say(entry.program(), again(entry), entry.label());
        Transaction transaction = entry.transaction();
        if (entry.ends() && transaction.committed) {
          Facts after = look(observer, schema, layout, numbers);
          Facts.Effect effect = before.to(after);
          before = after;
          Sameness same = transaction.effect().compare(effect);
          effects.put(transaction.number, same);
          if (same != Sameness.SAME) {
            words.put(
                entry.number(),
                "its transaction changed "
                    + transaction.effect().inWords()
                    + ", now "
                    + effect.inWords());
          }
        }
        Sameness same = compare(entry.line(), entry.told(), onBranch, now, numbers);
        told.put(entry.number(), same);
        if (same != Sameness.SAME) {
          words.put(entry.number(), "told " + entry.told().inWords() + ", now " + now.inWords());
        }
      }
      player.hangUp();
      Sql.run(observer, last);
      return new Replay(told, effects, words, look(observer, schema, layout, numbers));
    }
  }

  private static Facts look(
      Connection observer, String schema, Contents.Layout layout, Numbers numbers)
      throws SQLException {
    Contents contents = Contents.read(observer, schema, layout);
    numbers.learn(contents);
    return contents.facts(numbers);
  }

  /** What the branch refused for a reason that lies in no data changes nothing there. */
  private static boolean skipped(Entry entry) {
    return entry.told() instanceof Told.Refused(String state, String ignored)
        && !aboutData(state)
        && !entry.line().ends();
  }

  private static boolean aboutData(String state) {
    return state.length() == 5 && TOLD_CLASSES.contains(state.substring(0, 2));
  }

  /** A transaction that failed on the branch is not committed here. */
  private static Line again(Entry entry) {
    return entry.line().sql().equals("COMMIT") && !entry.transaction().committed
        ? Line.of(entry.line().session(), "ROLLBACK")
        : entry.line();
  }

  private static Sameness compare(Line line, Told was, Numbers then, Told now, Numbers again) {
    if (line.free()) {
      return Sameness.SAME;
    }
    boolean same =
        switch (was) {
          case Told.Refused(String state, String ignored) ->
              !aboutData(state)
                  || (now instanceof Told.Refused(String other, String unread)
                      && other.equals(state));
          case Told.Wrote(long count) -> now instanceof Told.Wrote(long other) && count == other;
          case Told.Got(Rows rows) ->
              now instanceof Told.Got(Rows other)
                  && rows.names().equals(other.names())
                  && words(line, rows, then).equals(words(line, other, again));
        };
    return same ? Sameness.SAME : Sameness.DIFFERENT;
  }

  private static List<List<@Nullable String>> words(Line line, Rows rows, Numbers numbers) {
    List<List<@Nullable String>> words = new ArrayList<>();
    for (List<@Nullable String> row : rows.rows()) {
      List<@Nullable String> cells = new ArrayList<>(row);
      line.drawn()
          .forEach((column, table) ->
              cells.set(column, numbers.named(table, String.valueOf(row.get(column)))));
      words.add(cells);
    }
    words.sort(Comparator.comparing(String::valueOf));
    return words;
  }

  /** Whether everything came out as before. */
  boolean unchanged() {
    return told.values().stream().allMatch(same -> same == Sameness.SAME)
        && effects.values().stream().allMatch(same -> same == Sameness.SAME);
  }

  /** How a statement compares, with its transaction's effect where it is its end. */
  Sameness of(Entry entry) {
    Sameness same = told.getOrDefault(entry.number(), Sameness.SAME);
    return entry.ends()
        ? same.and(effects.getOrDefault(entry.transaction().number, Sameness.SAME))
        : same;
  }
}

package dev.anabranch.trials.cycles;

import dev.anabranch.trials.cycles.Copies.Stock;
import dev.anabranch.trials.cycles.History.Entry;
import dev.anabranch.trials.cycles.History.Transaction;
import dev.anabranch.trials.cycles.Wrong.Nature;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Judges verdicts and landings by executing again. */
final class Judgement {

  private final Copies copies;
  private final String schema;
  private final Contents.Layout layout;
  private final Numbers onBranch;

  Judgement(Copies copies, String schema, Contents.Layout layout, Numbers onBranch) {
    this.copies = copies;
    this.schema = schema;
    this.layout = layout;
    this.onBranch = onBranch;
  }

  private Replay replay(Stock stock, List<String> first, Collection<Entry> part, List<String> last)
      throws SQLException {
    Address copy = copies.make(stock);
    try {
      return Replay.of(copy, schema, layout, onBranch, first, part, last);
    } finally {
      copies.giveBack(copy);
    }
  }

  /** The rows that executing a part again leaves. */
  Facts after(Stock main, List<Entry> part) throws SQLException {
    return replay(main, List.of(), part, List.of()).after();
  }

  /** Compares every verdict with the whole pending history, executed on main now. */
  List<Wrong> verdicts(Stock main, List<Entry> pending, Verdicts report, Tally tally)
      throws SQLException {
    Replay again = replay(main, List.of(), pending, List.of());
    Map<String, Integer> seen = new HashMap<>();
    List<Wrong> wrongs = new ArrayList<>();
    boolean clear = true;
    for (Entry entry : pending) {
      List<Verdicts.Entry> said = report.labelled(entry.label());
      int place = seen.merge(entry.label(), 1, Integer::sum) - 1;
      Sameness same = again.of(entry);
      if (place < said.size()) {
        Verdicts.Entry verdict = said.get(place);
        tally.verdict(verdict.verdict(), same, verdict.reason());
        if (verdict.verdict().equals("holds") && same == Sameness.DIFFERENT) {
          if (clear) {
            wrongs.add(
                new Wrong(
                    Nature.FALSE_HOLD,
                    entry.program().kind(),
                    "%s holds by %s (%s) and %s"
                        .formatted(
                            entry.inWords(),
                            verdict.proof(),
                            verdict.reason(),
                            again.words().get(entry.number()))));
          } else {
            tally.unclear();
          }
        }
      }
      clear &= !entry.ends() || effect(again, entry) == Sameness.SAME;
    }
    return wrongs;
  }

  private static Sameness effect(Replay again, Entry entry) {
    return again.effects().getOrDefault(entry.transaction().number, Sameness.SAME);
  }

  /** The units that nothing on main stands against: of all tasks that tell the same together. */
  Set<Transaction> shouldLand(Stock main, List<Entry> pending) throws SQLException {
    List<Entry> part = pending;
    while (true) {
      Replay again = replay(main, List.of(), part, List.of());
      Map<Program, Integer> ends = new HashMap<>();
      for (Entry entry : part) {
        if (again.of(entry) != Sameness.SAME) {
          ends.merge(entry.program(), entry.transaction().number, Math::min);
        }
      }
      if (ends.isEmpty()) {
        Set<Transaction> units = new LinkedHashSet<>();
        part.stream().map(Entry::transaction).filter(Transaction::unit).forEach(units::add);
        return units;
      }
      part =
          part.stream()
              .filter(entry -> {
                Integer end = ends.get(entry.program());
                return end == null || entry.transaction().number < end;
              })
              .toList();
    }
  }

  /**
   * Executes what landed, with all that its tasks were told before, on main as it was.
   *
   * @param again those that were executed again: what they wrote may be other than on the branch,
   *     what they told may not
   * @param during what main did at the same time
   * @param after main's rows afterwards
   */
  List<Wrong> landing(
      Stock before,
      List<Entry> pending,
      Set<Transaction> landed,
      Set<Transaction> again,
      List<String> during,
      Facts after)
      throws SQLException {
    Map<Program, Integer> last = new LinkedHashMap<>();
    landed.forEach(unit -> last.merge(unit.program, unit.number, Math::max));
    List<Entry> part =
        pending.stream()
            .filter(entry -> {
              Integer end = last.get(entry.program());
              return end != null && entry.transaction().number <= end;
            })
            .toList();
    List<Wrong> wrongs = new ArrayList<>(overtaken(part, landed));
    if (!wrongs.isEmpty()) {
      return wrongs;
    }
    for (int first = 0; first <= during.size(); first++) {
      Replay replay =
          replay(before, during.subList(0, first), part, during.subList(first, during.size()));
      List<Wrong> found = compare(part, again, replay, after);
      if (found.isEmpty()) {
        return found;
      }
      wrongs = wrongs.isEmpty() || found.size() < wrongs.size() ? found : wrongs;
    }
    return wrongs;
  }

  private static List<Wrong> overtaken(List<Entry> part, Set<Transaction> landed) {
    Set<Transaction> held = new LinkedHashSet<>();
    part.stream()
        .map(Entry::transaction)
        .filter(transaction -> transaction.unit() && !landed.contains(transaction))
        .forEach(held::add);
    return held.stream()
        .map(unit ->
            new Wrong(
                Nature.PREMISE_GONE,
                unit.program.kind(),
                "a later unit of task "
                    + unit.program.task()
                    + " landed without the one that changed "
                    + unit.effect().inWords()))
        .toList();
  }

  private static List<Wrong> compare(
      List<Entry> part, Set<Transaction> otherwise, Replay again, Facts after) {
    List<Wrong> wrongs = new ArrayList<>();
    for (Entry entry : part) {
      boolean mayDiffer =
          entry.told() instanceof Told.Wrote && otherwise.contains(entry.transaction());
      if (!mayDiffer && again.of(entry) == Sameness.DIFFERENT) {
        wrongs.add(
            new Wrong(
                Nature.PREMISE_GONE,
                entry.program().kind(),
                "landed, resting on "
                    + entry.inWords()
                    + ", which "
                    + again.words().get(entry.number())));
      }
    }
    if (wrongs.isEmpty()) {
      difference(again.after(), after)
          .forEach(difference -> wrongs.add(new Wrong(Nature.OTHER_ROWS, kinds(part), difference)));
    }
    return wrongs;
  }

  private static String kinds(List<Entry> part) {
    Set<String> kinds = new TreeSet<>();
    part.forEach(entry -> kinds.add(entry.program().kind()));
    return String.join(", ", kinds);
  }

  /** What main should have and has, row by row. */
  static List<String> difference(Facts should, Facts has) {
    List<String> differences = new ArrayList<>();
    Set<String> rows = new TreeSet<>(should.keyed().keySet());
    rows.addAll(has.keyed().keySet());
    for (String row : rows) {
      Object wanted = should.keyed().get(row);
      Object found = has.keyed().get(row);
      if (!Objects.equals(wanted, found)) {
        differences.add("main should have " + row + " " + wanted + " and has " + found);
      }
    }
    List<String> missing = new ArrayList<>(should.loose());
    has.loose().forEach(missing::remove);
    List<String> more = new ArrayList<>(has.loose());
    should.loose().forEach(more::remove);
    if (!missing.isEmpty() || !more.isEmpty()) {
      differences.add("main lacks " + missing + " and has " + more);
    }
    return differences;
  }

  /** Whether production's writes would fail on main as it should be, too. */
  Set<String> failuresAnyway(Stock stock, List<String> writes) throws SQLException {
    Address copy = copies.make(stock);
    try (Connection connection = copy.connect()) {
      Sql.run(connection, "SET search_path = " + schema);
      Set<String> failing = new HashSet<>();
      for (String sql : writes) {
        try {
          Sql.run(connection, sql);
        } catch (SQLException e) {
          failing.add(sql);
        }
      }
      return failing;
    } finally {
      copies.giveBack(copy);
    }
  }
}

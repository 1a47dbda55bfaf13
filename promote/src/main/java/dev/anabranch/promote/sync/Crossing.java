package dev.anabranch.promote.sync;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Renewal.NextLife;
import dev.anabranch.check.UnitReplay;
import dev.anabranch.check.UnitReplay.UnfitException;
import dev.anabranch.check.wal.LogUnits;
import dev.anabranch.check.wal.NextLedger.Pair;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.promote.apply.Rehearsing;
import dev.anabranch.promote.apply.Rehearsing.Fit;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.plan.NextNames;
import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Does a branch's units again in its next life, on main as it is there. First the whole plan is
 * written there and rolled back, which tells whether main is as planned and takes the rows; then
 * each unit is done again as a transaction of its own, and what the log has of it is compared with
 * what was meant.
 */
final class Crossing {

  private static final String SYSTEM_PATH = "pg_catalog";

  private final Cargo cargo;
  private final Branch branch;
  private final NextLife next;

  Crossing(Cargo cargo, NextLife next) {
    this.cargo = cargo;
    this.branch = cargo.outlook().inspection().branch();
    this.next = next;
  }

  /** Main is not as planned any more. */
  static final class MovedException extends Exception {
    private static final long serialVersionUID = 1L;

    MovedException(String why) {
      super(why);
    }
  }

  /**
   * What came of it.
   *
   * @param numbered the plan with the next life's numbers
   * @param sequences where the numbers begin that the work has drawn
   */
  record Done(List<Pair> pairs, Numbered numbered, NextNames names, Map<TableId, Long> sequences) {}

  /**
   * Called once.
   *
   * @throws AnabranchException SYNC_REFUSED when something does not fit
   */
  Done over() throws MovedException {
    try (Connection connection = next.owner().get()) {
      NextSequences sequences = new NextSequences(connection, cargo);
      Numbered numbered = fit(connection);
      NextNames names = names(numbered);
      requireEmptyLog();
      List<Unit> meant = cargo.units().stream().map(unit -> renamed(unit, names)).toList();
      List<Long> ids = replay(connection, meant);
      sequences.moveOn(meant);
      return new Done(pairs(meant, ids), numbered, names, sequences.starts());
    } catch (SQLException e) {
      throw cargo.refused("main refuses its work there: " + e.getMessage());
    }
  }

  private Numbered fit(Connection connection) throws MovedException {
    return switch (Rehearsing.fit(
        connection,
        cargo.outlook().plan(),
        cargo.outlook().inspection().provenance()::searchPath,
        Traps.NONE)) {
      case Fit.Fits(Numbered numbered) -> numbered;
      case Fit.Moved(String why) -> throw new MovedException(why);
      case Fit.Refused(var rejections) ->
          throw cargo.refused(
              "main refuses row "
                  + rejections.getFirst().key()
                  + " of "
                  + rejections.getFirst().table()
                  + " ("
                  + rejections.getFirst().sentence()
                  + "); mend it on the branch, or drop its work");
    };
  }

  private NextNames names(Numbered numbered) {
    Plan plan = cargo.outlook().plan();
    if (!numbered.renumberings().isEmpty()) {
      for (Unit unit : cargo.units()) {
        for (TableShape shape : unit.shapes()) {
          if (!plan.tables().containsKey(shape.id())) {
            throw cargo.refused(
                "rows of it get other numbers, and what its work did in table "
                    + shape.qualifiedName()
                    + " may refer to them; promote that first");
          }
        }
      }
    }
    return new NextNames(plan.tables(), numbered.renumberings());
  }

  private void requireEmptyLog() {
    if (!units().isEmpty()) {
      throw cargo.refused("its next life has rows that nobody has written");
    }
  }

  private List<Unit> units() {
    return LogUnits.take(nextBranch(), ignored -> next.owner().get());
  }

  private Branch nextBranch() {
    return new Branch(
        next.id(),
        branch.name(),
        Branch.State.CREATING,
        next.forkLsn(),
        next.forkTime(),
        branch.lifetime(),
        branch.parent(),
        branch.database(),
        branch.clientRole(),
        branch.password(),
        branch.ephemeral(),
        branch.createdAt(),
        branch.owner(),
        branch.madeWith(),
        branch.isProtected(),
        branch.taskBy(),
        branch.deletedAt());
  }

  private static Unit renamed(Unit unit, NextNames names) {
    Map<TableId, TableShape> shapes = shapes(unit);
    return unit.with(
        unit.writes().stream()
            .map(write -> names.of(Objects.requireNonNull(shapes.get(write.table())), write))
            .toList());
  }

  private static Map<TableId, TableShape> shapes(Unit unit) {
    Map<TableId, TableShape> shapes = new HashMap<>();
    unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
    return shapes;
  }

  private List<Long> replay(Connection connection, List<Unit> meant) throws SQLException {
    UnitReplay replay = new UnitReplay(connection, overruled());
    List<Long> ids = new ArrayList<>();
    for (Unit unit : meant) {
      try {
        String path = cargo.outlook().inspection().provenance().searchPath(unit.id());
        ids.add(replay.play(unit, path.isEmpty() ? SYSTEM_PATH : path));
      } catch (UnfitException e) {
        throw cargo.refused(
            "unit "
                + unit.id()
                + " does not fit there: "
                + e.getMessage()
                + "; drop it, or mend it on the branch");
      }
    }
    connection.setAutoCommit(true);
    return ids;
  }

  private UnitReplay.Overruled overruled() {
    Set<Map<String, String>> rows = new HashSet<>();
    Map<String, Set<Map<String, String>>> byTable = new HashMap<>();
    for (Fact fact : cargo.outlook().plan().facts()) {
      if (fact.kind() == Fact.Kind.CONFLICT
          && fact.decided().filter(decided -> decided.choice().equals("branch")).isPresent()) {
        byTable
            .computeIfAbsent(fact.table().orElse(""), ignored -> new HashSet<>())
            .add(fact.key().orElse(Map.of()));
      }
    }
    return (shape, key) ->
        byTable.getOrDefault(shape.qualifiedName(), rows).contains(named(shape, key));
  }

  private static Map<String, String> named(TableShape shape, Key key) {
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < shape.keyColumns().size(); i++) {
      named.put(shape.keyColumns().get(i).name(), key.values().get(i));
    }
    return named;
  }

  /** What the log has, beside what was meant. */
  private List<Pair> pairs(List<Unit> meant, List<Long> ids) {
    List<Unit> found = units();
    if (found.size() != meant.size()) {
      throw cargo.refused(
          "its next life has " + found.size() + " units instead of " + meant.size());
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < meant.size(); i++) {
      if (!isSame(meant.get(i), found.get(i))) {
        throw cargo.refused(
            "unit "
                + meant.get(i).id()
                + " comes out otherwise there, or a table that it writes to is another on main");
      }
      Unit before = cargo.units().get(i);
      pairs.add(new Pair(before, cargo.owner(before), found.get(i), ids.get(i)));
    }
    return pairs;
  }

  private static boolean isSame(Unit meant, Unit found) {
    if (!shapes(meant).equals(shapes(found)) || meant.writes().size() != found.writes().size()) {
      return false;
    }
    Map<TableId, TableShape> shapes = shapes(meant);
    for (int i = 0; i < meant.writes().size(); i++) {
      Write one = meant.writes().get(i);
      Write other = found.writes().get(i);
      TableShape shape = shapes.get(one.table());
      if (shape == null || !one.table().equals(other.table()) || !isSame(shape, one, other)) {
        return false;
      }
    }
    return true;
  }

  /** An update wrote the cells that it changed, to the same row; others are as main has them. */
  private static boolean isSame(TableShape shape, Write meant, Write found) {
    return switch (meant) {
      case Write.Insert insert ->
          found instanceof Write.Insert other && insert.after().equals(other.after());
      case Write.Update update ->
          found instanceof Write.Update other
              && shape.keyOf(update.before()).equals(shape.keyOf(other.before()))
              && wrote(update.before(), update.after(), other.after());
      case Write.Delete delete ->
          found instanceof Write.Delete other
              && shape.keyOf(delete.before()).equals(shape.keyOf(other.before()));
      case Write.Truncate ignored -> false;
    };
  }

  private static boolean wrote(Image before, Image after, Image found) {
    for (int place = 0; place < after.cells().size(); place++) {
      if (!before.cells().get(place).equals(after.cells().get(place))
          && !after.cells().get(place).equals(found.cells().get(place))) {
        return false;
      }
    }
    return true;
  }
}

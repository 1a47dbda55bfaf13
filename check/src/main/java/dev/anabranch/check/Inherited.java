package dev.anabranch.check;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Reference;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.timeline.OldRows;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Finds the units of a branch of a branch that write, or refer to, a row that its parent had
 * written. Main may have another row under the same key, and what was meant for the parent's would
 * land there.
 *
 * <p>A row that the branch began with is main's where main's fork point has the very same one.
 */
final class Inherited {

  /** Rows as the branch began with them, and keys of which that is not known. */
  interface Beginning {
    BranchRows.Found read(TableShape shape, Set<Key> keys);
  }

  private record Named(TableShape shape, Key key) {}

  private final SchemaSnapshot schema;
  private final Map<Long, Set<Named>> named = new LinkedHashMap<>();
  private final Map<Long, String> found = new HashMap<>();

  private Inherited(SchemaSnapshot schema) {
    this.schema = schema;
  }

  /**
   * The ids of such units, each with a sentence.
   *
   * @param units all of the branch's
   * @param schema the branch's definitions when it was prepared
   * @param main main's rows at the fork point
   */
  static Map<Long, String> units(
      List<Unit> units, SchemaSnapshot schema, Beginning beginning, OldRows.Fork main) {
    Inherited inherited = new Inherited(schema);
    units.forEach(inherited::name);
    inherited.compare(beginning, main);
    return inherited.found;
  }

  private void name(Unit unit) {
    Map<TableId, TableShape> layouts =
        unit.shapes().stream().collect(Collectors.toMap(TableShape::id, shape -> shape));
    for (Write write : unit.writes()) {
      Relation relation = schema.relations().get(write.table());
      TableShape layout = layouts.get(write.table());
      // A table that the branch made is not main's.
      if (relation != null && layout != null) {
        name(unit, write, relation, layout);
      }
    }
  }

  private void name(Unit unit, Write write, Relation relation, TableShape layout) {
    switch (write) {
      case Write.Insert insert -> {
        row(unit, relation, layout, insert.after(), false);
        references(unit, relation, layout, insert.after(), Optional.empty());
      }
      case Write.Update update -> {
        row(unit, relation, layout, update.before(), true);
        row(unit, relation, layout, update.after(), false);
        references(unit, relation, layout, update.after(), Optional.of(update.before()));
      }
      case Write.Delete delete -> row(unit, relation, layout, delete.before(), true);
      case Write.Truncate ignored -> {}
    }
  }

  private void row(Unit unit, Relation relation, TableShape layout, Image row, boolean wasThere) {
    if (relation.shape().hasKey() && layout.hasKey() && layout.keyIsIn(row)) {
      name(unit, relation.shape(), layout.keyOf(row));
    } else if (wasThere) {
      hold(unit.id(), "a row of " + layout.qualifiedName() + ", which has no key to tell by");
    }
  }

  private void name(Unit unit, TableShape shape, Key key) {
    named.computeIfAbsent(unit.id(), _ -> new LinkedHashSet<>()).add(new Named(shape, key));
  }

  private void references(
      Unit unit, Relation relation, TableShape layout, Image row, Optional<Image> before) {
    for (Reference reference : relation.references()) {
      List<Integer> places = reference.columns().stream().map(layout::indexOf).toList();
      Relation parent = schema.relations().get(reference.parent());
      boolean same =
          before.isPresent()
              && places.stream().allMatch(at -> at >= 0 && row.sameAt(at, before.get()));
      if (parent != null && !same) {
        refer(unit, row, places, reference, parent);
      }
    }
  }

  private void refer(
      Unit unit, Image row, List<Integer> places, Reference reference, Relation parent) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < places.size(); i++) {
      Cell cell = places.get(i) < 0 ? Cell.Absent.UNCHANGED : row.cells().get(places.get(i));
      int column = parent.shape().indexOf(reference.parentColumns().get(i));
      if (cell instanceof Cell.Text(String text) && column >= 0) {
        values.put(parent.shape().columns().get(column).name(), text);
      } else if (cell == Cell.Absent.NULL) {
        return;
      }
    }
    boolean lookedUp = values.size() == places.size();
    for (TableId table : schema.withDescendants(Set.of(reference.parent()))) {
      Relation target = schema.relations().get(table);
      if (target != null && lookedUp && target.children().isEmpty()) {
        lookedUp = lookUp(unit, target.shape(), values);
      }
    }
    if (!lookedUp) {
      hold(
          unit.id(),
          "a row of " + parent.shape().qualifiedName() + " that is not named by its key");
    }
  }

  private boolean lookUp(Unit unit, TableShape target, Map<String, String> values) {
    List<String> columns = target.keyColumns().stream().map(Column::name).toList();
    if (!values.keySet().equals(new HashSet<>(columns))) {
      return false;
    }
    name(unit, target, new Key(columns.stream().map(values::get).toList()));
    return true;
  }

  private void compare(Beginning beginning, OldRows.Fork main) {
    Map<TableShape, Set<Key>> keys = new HashMap<>();
    named
        .values()
        .forEach(some ->
            some.forEach(one ->
                keys.computeIfAbsent(one.shape(), _ -> new LinkedHashSet<>()).add(one.key())));
    Set<Named> others = new HashSet<>();
    keys.forEach((shape, wanted) -> {
      BranchRows.Found began = beginning.read(shape, wanted);
      Map<Key, Image> mains = main.images(shape, began.rows().keySet());
      began.elsewhere().forEach(key -> others.add(new Named(shape, key)));
      began
          .rows()
          .forEach((key, image) -> {
            if (!image.equals(mains.get(key))) {
              others.add(new Named(shape, key));
            }
          });
    });
    named.forEach((unit, some) ->
        some.stream()
            .filter(others::contains)
            .findFirst()
            .ifPresent(one -> hold(unit, words(one))));
  }

  private static String words(Named one) {
    List<String> cells = new ArrayList<>();
    List<Column> columns = one.shape().keyColumns();
    for (int i = 0; i < columns.size(); i++) {
      cells.add(columns.get(i).name() + "=" + one.key().values().get(i));
    }
    return "row " + String.join(", ", cells) + " of " + one.shape().qualifiedName();
  }

  private void hold(long unit, String what) {
    found.putIfAbsent(
        unit,
        "it is about "
            + what
            + ", which the branch that this one started from may have written, and main may have"
            + " another row there; promote that branch first, and do this on a new one");
  }

  /** What was done to a row that is not main's may come out the same on another one. */
  static CheckReport told(
      CheckReport report, Map<Long, Ending> owners, Map<Long, String> inherited) {
    if (inherited.isEmpty()) {
      return report;
    }
    Map<Transaction, String> why = new HashMap<>();
    inherited.forEach((unit, sentence) ->
        Optional.ofNullable(owners.get(unit))
            .ifPresent(
                owner -> why.put(new Transaction(owner.session(), owner.transaction()), sentence)));
    List<Judged> verdicts =
        report.verdicts().stream()
            .map(judged ->
                Optional.ofNullable(why.get(Transaction.of(judged.answer())))
                    .filter(ignored -> judged.verdict() instanceof Verdict.Holds)
                    .map(sentence -> judged.untold(Cause.OF_PARENT, sentence))
                    .orElse(judged))
            .toList();
    return new CheckReport(report.forkLsn(), report.asOf(), verdicts, report.lookUps());
  }

  private record Transaction(UUID session, long number) {
    static Transaction of(Answer answer) {
      return new Transaction(answer.session(), answer.transaction());
    }
  }
}

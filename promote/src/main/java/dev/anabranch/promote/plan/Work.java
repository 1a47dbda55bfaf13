package dev.anabranch.promote.plan;

import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pending units as steps that can be folded back, and the reasons against those that can't.
 *
 * @param steps in order
 * @param obstacles sentence and table to the units it holds
 * @param truncated tables that a pending unit emptied as a whole
 * @param standing rows of tables with a key as the steps so far leave them
 * @param redone whether some of the units write now what they did not on the branch
 */
record Work(
    List<Step> steps,
    Map<Obstacle, BitSet> obstacles,
    Set<TableId> truncated,
    Map<RowRef, Row> standing,
    boolean redone) {

  private static final String BESIDE_REDONE =
      " was written by work that is executed again and by other work of the branch: they land one"
          + " after the other, so promote again once this has landed";

  /** Why some units can't land, whatever their answers say. */
  record Obstacle(String table, String sentence) {

    /** Whether it is only about now, and of no interest to work that is held for more. */
    boolean passes() {
      return sentence.endsWith(BESIDE_REDONE);
    }
  }

  /** Reads the pending units, after earlier renumberings. */
  static Work of(PlanInput input, Foldable foldable) {
    KeyMap earlier = new KeyMap(input.main(), input.earlier());
    Work work =
        new Work(
            new ArrayList<>(),
            new LinkedHashMap<>(),
            new HashSet<>(),
            new HashMap<>(),
            !input.offers().chosen().isEmpty());
    Set<TableId> halfKnown =
        input.pending().stream()
            .flatMap(unit -> unit.writes().stream())
            .filter(write -> !write.isWhole())
            .map(Write::table)
            .collect(Collectors.toSet());
    for (int i = 0; i < input.pending().size(); i++) {
      Unit unit = input.pending().get(i);
      work.read(i, unit, foldable, halfKnown, earlier);
      String why = input.obstructed().get(unit.id());
      if (why != null) {
        work.obstruct(tableOf(unit), why, i);
      }
    }
    return work;
  }

  private static String tableOf(Unit unit) {
    return unit.shapes().isEmpty() ? "" : unit.shapes().getFirst().qualifiedName();
  }

  private void read(
      int place, Unit unit, Foldable foldable, Set<TableId> halfKnown, KeyMap earlier) {
    Map<TableId, TableShape> layouts = new HashMap<>();
    unit.shapes().forEach(shape -> layouts.put(shape.id(), shape));
    Map<TableId, Optional<String>> judged = new HashMap<>();
    for (Write write : unit.writes()) {
      TableShape layout = layouts.get(write.table());
      if (layout == null) {
        throw new IllegalStateException(
            "unit " + unit.id() + " writes table " + write.table() + " without its layout");
      }
      Optional<String> obstacle =
          judged.computeIfAbsent(
              write.table(),
              table -> foldable.obstacle(layout).or(() -> halfKnown(layout, halfKnown)));
      obstacle.ifPresent(sentence -> obstruct(layout.qualifiedName(), sentence, place));
      if (obstacle.isEmpty()) {
        add(place, write, layout, foldable.keyColumns(write.table()), earlier);
      }
    }
  }

  /** A merge without the rows that the branch began with would be a guess. */
  private static Optional<String> halfKnown(TableShape layout, Set<TableId> halfKnown) {
    return halfKnown.contains(layout.id())
        ? Optional.of(
            "what rows of table "
                + layout.qualifiedName()
                + " were before the branch wrote them is not known, so they can't be merged")
        : Optional.empty();
  }

  private void add(int place, Write write, TableShape layout, List<Integer> key, KeyMap earlier) {
    TableId table = write.table();
    switch (write) {
      case Write.Insert insert ->
          step(
              new Step(
                  place,
                  table,
                  Optional.empty(),
                  Optional.of(row(layout, insert.after(), earlier)),
                  write),
              layout,
              key);
      case Write.Update update ->
          step(
              new Step(
                  place,
                  table,
                  Optional.of(row(layout, update.before(), earlier)),
                  Optional.of(row(layout, update.after(), earlier)),
                  write),
              layout,
              key);
      case Write.Delete delete ->
          step(
              new Step(
                  place,
                  table,
                  Optional.of(row(layout, delete.before(), earlier)),
                  Optional.empty(),
                  write),
              layout,
              key);
      case Write.Truncate truncate -> {
        truncated.add(truncate.table());
        obstruct(
            layout.qualifiedName(),
            "table "
                + layout.qualifiedName()
                + " was truncated on the branch, which can't be folded back row by row",
            place);
      }
    }
  }

  /** A branch that dropped a key can have two rows of it, and then no row can be followed by it. */
  private void step(Step step, TableShape layout, List<Integer> key) {
    steps.add(step);
    if (key.isEmpty()) {
      return;
    }
    Row touched = step.before().or(step::after).orElseThrow();
    Optional<Row> known =
        Optional.ofNullable(standing.remove(new RowRef(step.table(), touched.key(key))));
    if (known.isPresent() && !known.equals(step.before())) {
      obstruct(
          layout.qualifiedName(),
          redone
              ? "a row of table " + layout.qualifiedName() + BESIDE_REDONE
              : "the branch has more than one row of one key in table " + layout.qualifiedName(),
          step.unit());
    }
    step.after().ifPresent(row -> standing.put(new RowRef(step.table(), row.key(key)), row));
  }

  private void obstruct(String table, String sentence, int place) {
    obstacles.computeIfAbsent(new Obstacle(table, sentence), _ -> new BitSet()).set(place);
  }

  private static Row row(TableShape layout, Image image, KeyMap earlier) {
    return earlier.translate(layout.id(), Row.of(layout, image));
  }
}

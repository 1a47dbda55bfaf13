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
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The pending units as steps that can be folded back, and the reasons against those that can't.
 *
 * @param steps in order
 * @param obstacles sentence and table to the units it holds
 * @param truncated tables that a pending unit emptied as a whole
 * @param standing while it is read, rows of tables with a key as the steps so far leave them
 * @param layouts that they were written in
 * @param redone whether some of the units write now what they did not on the branch
 */
record Work(
    List<Step> steps,
    Map<Obstacle, BitSet> obstacles,
    Set<TableId> truncated,
    Map<RowRef, Row> standing,
    Map<TableShape, Layout> layouts,
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

  /** How the rows of one layout are read; made once, for all units that wrote in it. */
  record Layout(TableShape shape, List<Integer> key, Function<Image, Row> rows) {

    static Layout of(TableShape shape, Foldable foldable) {
      return new Layout(shape, foldable.keyColumns(shape.id()), Cells.rowsOf(shape));
    }

    Row read(Image image, KeyMap earlier) {
      return earlier.translate(shape.id(), rows.apply(image));
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
    // As many as the branch has rows, and asked of no more.
    work.standing.clear();
    return work;
  }

  private static String tableOf(Unit unit) {
    return unit.shapes().isEmpty() ? "" : unit.shapes().getFirst().qualifiedName();
  }

  private void read(
      int place, Unit unit, Foldable foldable, Set<TableId> halfKnown, KeyMap earlier) {
    Map<TableId, Layout> ofUnit = new HashMap<>();
    for (TableShape shape : unit.shapes()) {
      ofUnit.put(shape.id(), layouts.computeIfAbsent(shape, found -> Layout.of(found, foldable)));
    }
    Map<TableId, Optional<String>> judged = new HashMap<>();
    for (Write write : unit.writes()) {
      Layout layout = ofUnit.get(write.table());
      if (layout == null) {
        throw new IllegalStateException(
            "unit " + unit.id() + " writes table " + write.table() + " without its layout");
      }
      Optional<String> obstacle =
          judged.computeIfAbsent(
              write.table(),
              _ ->
                  foldable.obstacle(layout.shape()).or(() -> halfKnown(layout.shape(), halfKnown)));
      obstacle.ifPresent(sentence -> obstruct(layout.shape().qualifiedName(), sentence, place));
      if (obstacle.isEmpty()) {
        add(place, write, layout, earlier);
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

  private void add(int place, Write write, Layout layout, KeyMap earlier) {
    TableId table = write.table();
    switch (write) {
      case Write.Insert insert ->
          step(
              new Step(
                  place,
                  table,
                  Optional.empty(),
                  Optional.of(layout.read(insert.after(), earlier)),
                  write),
              layout);
      case Write.Update update ->
          step(
              new Step(
                  place,
                  table,
                  Optional.of(layout.read(update.before(), earlier)),
                  Optional.of(layout.read(update.after(), earlier)),
                  write),
              layout);
      case Write.Delete delete ->
          step(
              new Step(
                  place,
                  table,
                  Optional.of(layout.read(delete.before(), earlier)),
                  Optional.empty(),
                  write),
              layout);
      case Write.Truncate truncate -> {
        truncated.add(truncate.table());
        obstruct(
            layout.shape().qualifiedName(),
            "table "
                + layout.shape().qualifiedName()
                + " was truncated on the branch, which can't be folded back row by row",
            place);
      }
    }
  }

  /** A branch that dropped a key can have two rows of it, and then no row can be followed by it. */
  private void step(Step step, Layout layout) {
    steps.add(step);
    List<Integer> key = layout.key();
    if (key.isEmpty()) {
      return;
    }
    Row touched = step.before().or(step::after).orElseThrow();
    Optional<Row> known =
        Optional.ofNullable(standing.remove(new RowRef(step.table(), touched.key(key))));
    if (known.isPresent() && !known.equals(step.before())) {
      obstruct(
          layout.shape().qualifiedName(),
          (redone ? "a row of table " : "the branch has more than one row of one key in table ")
              + layout.shape().qualifiedName()
              + (redone ? BESIDE_REDONE : ""),
          step.unit());
    }
    step.after().ifPresent(row -> standing.put(new RowRef(step.table(), row.key(key)), row));
  }

  private void obstruct(String table, String sentence, int place) {
    obstacles.computeIfAbsent(new Obstacle(table, sentence), _ -> new BitSet()).set(place);
  }
}

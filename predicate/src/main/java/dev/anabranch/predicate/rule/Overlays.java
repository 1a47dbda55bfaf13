package dev.anabranch.predicate.rule;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.overlay.Overlay;
import dev.anabranch.predicate.overlay.RowNames;
import dev.anabranch.predicate.overlay.RowThenAndNow;
import dev.anabranch.predicate.timeline.Past;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Main's changes to each table under a branch's writes, made once for all answers. */
final class Overlays {

  private final SchemaSnapshot schema;
  private final Changes changes;
  private final Numbering numbering;
  private final Combining combining;
  private final Traps traps;
  private final Map<TableId, List<RowThenAndNow>> ofMain = new HashMap<>();
  private final Map<Over, Optional<Overlay>> overlays = new HashMap<>();

  /** By what rows are called. */
  enum Calling {
    /** As on main: an answer is compared with what main would say. */
    MAIN,
    /** As on the branch: what was done there is done to the same rows on main. */
    BRANCH
  }

  /** A table under one branch's writes. */
  private record Over(TableId table, Past past, Calling calling) {}

  Overlays(
      SchemaSnapshot schema,
      Changes changes,
      Numbering numbering,
      Combining combining,
      Traps traps) {
    this.combining = combining;
    this.schema = schema;
    this.changes = changes;
    this.numbering = numbering;
    this.traps = traps;
  }

  /**
   * Takes over what was made for an earlier position of main.
   *
   * @param then the branch's past as it was told then
   * @param now the same, as it is told now
   * @param since what main has changed
   */
  void takeOver(Overlays earlier, Past then, Past now, Since since) {
    earlier.overlays.forEach((over, overlay) -> {
      if (over.past() == then && over.calling() == Calling.MAIN && overlay.isPresent()) {
        since
            .moved(over.table(), overlay.get())
            .ifPresent(moved ->
                overlays.put(new Over(over.table(), now, Calling.MAIN), Optional.of(moved)));
      }
    });
  }

  /** What rows are called that have landed. */
  RowNames names() {
    return numbering.landed();
  }

  /** Empty when the table's changes are no rows in the layout of the fork point. */
  Optional<Overlay> of(TableId table, Past past, Calling calling) {
    Relation stored = schema.relations().get(table);
    return stored != null
            && changes.of(table) instanceof TableDelta.Rows delta
            && sameColumns(delta.shape(), stored.shape())
        ? of(delta, stored.shape(), past, calling)
        : Optional.empty();
  }

  /** Empty when rows can't be called so. */
  Optional<Overlay> of(TableDelta.Rows delta, TableShape fork, Past past, Calling calling) {
    TableShape shape = delta.shape();
    Calling same = names().concern(shape.id()) ? calling : Calling.MAIN;
    return overlays.computeIfAbsent(
        new Over(shape.id(), past, same),
        ignored ->
            switch (same) {
              case MAIN ->
                  Optional.of(
                      new Overlay(
                          shape,
                          fork,
                          ofMain(shape, delta),
                          past,
                          numbering.names(),
                          combining.sums(shape),
                          traps));
              case BRANCH ->
                  Overlay.asTheBranchCalls(
                      shape,
                      fork,
                      ofMain(shape, delta),
                      past,
                      names(),
                      combining.sums(shape),
                      traps);
            });
  }

  private List<RowThenAndNow> ofMain(TableShape shape, TableDelta.Rows delta) {
    // Rows of the fork point take a copy of main to read: only where there is one to look at.
    return delta.rows().isEmpty()
        ? List.of()
        : ofMain.computeIfAbsent(
            shape.id(), ignored -> Overlay.ofMain(delta.rows(), changes.forkImages(delta)));
  }

  static boolean sameColumns(TableShape one, TableShape other) {
    List<Column> ours = one.columns();
    List<Column> theirs = other.columns();
    boolean same = ours.size() == theirs.size();
    for (int i = 0; same && i < ours.size(); i++) {
      same = isSame(ours.get(i), theirs.get(i));
    }
    return same;
  }

  private static boolean isSame(Column one, Column other) {
    return one.number() == other.number()
        && one.name().equals(other.name())
        && one.typeOid() == other.typeOid()
        && one.typeModifier() == other.typeModifier();
  }
}

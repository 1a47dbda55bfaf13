package dev.anabranch.predicate.overlay;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.predicate.Traps;
import dev.anabranch.predicate.Traps.Trap;
import dev.anabranch.predicate.overlay.RowChange.Conflict;
import dev.anabranch.predicate.timeline.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Main's net changes to one table as an answer would see them, with the branch's own earlier writes
 * laid over.
 *
 * <p>For a key that the branch did not write, a change is the fork's image and main's. For a key
 * that it wrote, the answer saw the branch's image, and now would see main's image with the cells
 * that the branch changed: matching main's raw images there would miss rows that only the two
 * together bring into a result, or take out of it.
 */
public final class Overlay {

  private final TableShape shape;
  private final Map<Key, Optional<Image>> branchRows = new HashMap<>();
  private boolean unkeyed;

  /**
   * @param shape the table's layout, on main and on the branch alike
   * @param seen what the answer saw
   */
  public Overlay(TableShape shape, Seen seen, Traps traps) {
    this.shape = shape;
    if (traps.has(Trap.NO_OVERLAY)) {
      return;
    }
    Map<Long, TableShape> branchShapes = new HashMap<>();
    seen.allUnits()
        .forEach(unit -> branchShape(unit).ifPresent(found -> branchShapes.put(unit.id(), found)));
    boolean sameLayout = branchShapes.values().stream().allMatch(this::sameLayout);
    seen.writes()
        .filter(write -> write.table().equals(shape.id()))
        .forEach(write -> take(write, sameLayout));
  }

  private Optional<TableShape> branchShape(Unit unit) {
    return unit.shapes().stream().filter(found -> found.id().equals(shape.id())).findFirst();
  }

  private boolean sameLayout(TableShape branch) {
    return branch.columns().stream()
        .map(Overlay::identity)
        .toList()
        .equals(shape.columns().stream().map(Overlay::identity).toList());
  }

  private static List<Long> identity(Column column) {
    return List.of((long) column.number(), column.typeOid());
  }

  private void take(Write write, boolean sameLayout) {
    if (!sameLayout || !shape.hasKey() || !write.isWhole()) {
      unkeyed = true;
      return;
    }
    switch (write) {
      case Write.Insert insert ->
          branchRows.put(shape.keyOf(insert.after()), Optional.of(insert.after()));
      case Write.Update update -> {
        branchRows.put(shape.keyOf(update.before()), Optional.empty());
        branchRows.put(shape.keyOf(update.after()), Optional.of(update.after()));
      }
      case Write.Delete delete -> branchRows.put(shape.keyOf(delete.before()), Optional.empty());
      case Write.Truncate ignored -> unkeyed = true;
    }
  }

  /** Whether the branch wrote in a way that can't be laid over main's rows by key. */
  public boolean isUnkeyed() {
    return unkeyed;
  }

  /** Main's own changes; keys whose image is the same are left out. */
  public static List<RowChange> ofMain(List<NewestRow> rows, Map<Key, Image> forkImages) {
    List<RowChange> changes = new ArrayList<>();
    for (NewestRow row : rows) {
      Optional<Image> fork = Optional.ofNullable(forkImages.get(row.key()));
      Optional<Image> now = row.now().map(image -> resolved(image, fork));
      RowChange change = new RowChange(row.key(), fork, now, new Conflict.None());
      if (change.isChange()) {
        changes.add(change);
      }
    }
    return List.copyOf(changes);
  }

  /**
   * The effective changes. A key that main left as it was has none, whatever the branch did to it.
   *
   * @param ofMain main's own
   */
  public List<RowChange> over(List<RowChange> ofMain) {
    if (branchRows.isEmpty()) {
      return ofMain;
    }
    List<RowChange> changes = new ArrayList<>(ofMain.size());
    for (RowChange change : ofMain) {
      Optional<Image> branch = branchRows.get(change.key());
      if (branch == null) {
        changes.add(change);
      } else {
        RowChange merged = merged(change.key(), change.before(), change.after(), branch);
        if (merged.isChange()) {
          changes.add(merged);
        }
      }
    }
    return changes;
  }

  /** Main's image with the cells that logical decoding left out because they did not change. */
  private static Image resolved(Image now, Optional<Image> fork) {
    if (!now.cells().contains(Cell.Absent.UNCHANGED) || fork.isEmpty()) {
      return now;
    }
    List<Cell> cells = new ArrayList<>(now.cells());
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i) == Cell.Absent.UNCHANGED) {
        cells.set(i, fork.get().cells().get(i));
      }
    }
    return new Image(cells);
  }

  private RowChange merged(
      Key key, Optional<Image> fork, Optional<Image> now, Optional<Image> branch) {
    if (fork.equals(now) || branch.equals(now)) {
      return new RowChange(key, branch, branch, new Conflict.None());
    }
    if (fork.equals(branch)) {
      return new RowChange(key, branch, now, new Conflict.None());
    }
    if (fork.isEmpty() || now.isEmpty() || branch.isEmpty()) {
      return new RowChange(key, branch, branch, new Conflict.Rows(now));
    }
    return mergedCells(key, fork.get(), now.get(), branch.get());
  }

  private static RowChange mergedCells(Key key, Image fork, Image now, Image branch) {
    List<Cell> cells = new ArrayList<>();
    Set<Integer> contradictions = new HashSet<>();
    for (int i = 0; i < fork.cells().size(); i++) {
      Cell base = fork.cells().get(i);
      Cell ours = branch.cells().get(i);
      Cell theirs = now.cells().get(i);
      cells.add(ours.equals(base) ? theirs : ours);
      if (!ours.equals(base) && !theirs.equals(base) && !ours.equals(theirs)) {
        contradictions.add(i);
      }
    }
    Conflict conflict =
        contradictions.isEmpty()
            ? new Conflict.None()
            : new Conflict.Cells(Set.copyOf(contradictions));
    return new RowChange(key, Optional.of(branch), Optional.of(new Image(cells)), conflict);
  }
}

package dev.anabranch.predicate.rule;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.footprint.Rule.Output;
import dev.anabranch.predicate.footprint.Rule.Stored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an answer has become: computed from the rows that were given and from those that left and
 * entered, exactly as Postgres would print it, or not at all.
 *
 * @param was the rows that were given, all of them
 */
record Reckoning(List<List<@Nullable String>> was, Movement movement, Extent extent, Traps traps) {

  /** The most rows that a report shows of an answer, as many as are kept of one. */
  static final int ROWS_SHOWN = 100;

  /** Empty when it does not follow for certain. */
  Optional<List<List<@Nullable String>>> now() {
    if (!movement.isCertain()) {
      return Optional.empty();
    }
    try {
      List<List<@Nullable String>> rows =
          switch (movement.rule().form()) {
            case ROWS -> rows();
            case ONE_ROW -> List.of(oneRow());
            case GROUPS -> groups();
          };
      return rows.size() > ROWS_SHOWN ? Optional.empty() : Optional.of(shown(sort().sorted(rows)));
    } catch (Doubt e) {
      return Optional.empty();
    }
  }

  private RowSort sort() {
    return new RowSort(movement.rule(), was);
  }

  private List<List<@Nullable String>> shown(List<List<@Nullable String>> rows) {
    return switch (extent) {
      case Extent.All ignored -> rows;
      case Extent.First(int most) -> rows.subList(0, Math.min(most, rows.size()));
    };
  }

  private List<List<@Nullable String>> rows() throws Doubt {
    return switch (extent) {
      case Extent.All ignored -> all();
      case Extent.First(int most) -> was.size() < most ? all() : first(most);
    };
  }

  /**
   * Of a list that was cut off: the rows up to its last one, all of which are known. Those beyond
   * it are not, and are not needed as long as enough are left before.
   */
  private List<List<@Nullable String>> first(int most) throws Doubt {
    List<List<@Nullable String>> rows = new ArrayList<>(was);
    for (Movement.Row row : movement.left()) {
      List<@Nullable String> shown = shown(row);
      if (isWithin(shown) && !rows.remove(shown)) {
        throw new Doubt("a row left that was not there");
      }
    }
    for (Movement.Row row : movement.entered()) {
      List<@Nullable String> shown = shown(row);
      if (isWithin(shown) && !traps.has(Trap.COMES_AFTER_THE_LAST)) {
        rows.add(shown);
      }
    }
    if (was.size() != most || rows.size() < most) {
      throw new Doubt("the next row is not known");
    }
    return rows;
  }

  /** Whether it comes no later than the last row that was shown. */
  private boolean isWithin(List<@Nullable String> row) throws Doubt {
    return row.equals(was.getLast()) || sort().comesFirst(row, was.getLast());
  }

  private List<List<@Nullable String>> all() throws Doubt {
    List<List<@Nullable String>> rows = new ArrayList<>(was);
    for (Movement.Row row : movement.left()) {
      if (!rows.remove(shown(row))) {
        throw new Doubt("a row left that was not there");
      }
    }
    for (Movement.Row row : movement.entered()) {
      rows.add(shown(row));
    }
    return rows;
  }

  private List<@Nullable String> oneRow() throws Doubt {
    if (was.size() != 1) {
      throw new Doubt("not one row");
    }
    return new Fold(
            movement.rule(),
            was.getFirst(),
            Fold.Input.UNKNOWN,
            movement.left(),
            movement.entered(),
            traps)
        .now();
  }

  /** What moved into and out of one group. */
  private record Group(List<Movement.Row> left, List<Movement.Row> entered) {
    Group() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private List<List<@Nullable String>> groups() throws Doubt {
    Map<List<@Nullable String>, Group> moved = new LinkedHashMap<>();
    for (Movement.Row row : movement.left()) {
      moved.computeIfAbsent(key(shown(row)), ignored -> new Group()).left.add(row);
    }
    for (Movement.Row row : movement.entered()) {
      moved.computeIfAbsent(key(shown(row)), ignored -> new Group()).entered.add(row);
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (List<@Nullable String> row : was) {
      Group group = moved.remove(key(row));
      if (group == null) {
        rows.add(row);
      } else {
        folded(row, Fold.Input.SOME, group).ifPresent(rows::add);
      }
    }
    for (Group group : moved.values()) {
      List<Movement.Row> of = group.entered.isEmpty() ? group.left : group.entered;
      folded(shown(of.getFirst()), Fold.Input.EMPTY, group).ifPresent(rows::add);
    }
    return rows;
  }

  /** Empty when the group has no rows. */
  private Optional<List<@Nullable String>> folded(
      List<@Nullable String> row, Fold.Input before, Group group) throws Doubt {
    Fold fold = new Fold(movement.rule(), row, before, group.left, group.entered, traps);
    return switch (fold.rows()) {
      case SOME -> Optional.of(fold.now());
      case EMPTY -> Optional.empty();
      case UNKNOWN -> throw new Doubt("a group that may have gone");
    };
  }

  private List<@Nullable String> key(List<@Nullable String> row) {
    List<@Nullable String> key = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      if (movement.rule().outputs().get(i) instanceof Output.Plain) {
        key.add(row.get(i));
      }
    }
    return key;
  }

  /** A row's columns, and in the aggregates' places what no rows come to. */
  private List<@Nullable String> shown(Movement.Row row) throws Doubt {
    List<@Nullable String> shown = new ArrayList<>();
    for (Output output : movement.rule().outputs()) {
      shown.add(
          switch (output) {
            case Output.Plain(Stored column) -> text(row.at(column.number()));
            case Output.Fixed(String text) -> text;
            case Output.RowCount ignored -> "0";
            case Output.ValueCount ignored -> "0";
            case Output.Sum ignored -> null;
            case Output.Extreme ignored -> null;
            case Output.Exists ignored -> "f";
          });
    }
    return shown;
  }

  private static @Nullable String text(Cell cell) throws Doubt {
    return switch (cell) {
      case Cell.Text(String text) -> text;
      case Cell.Absent.NULL -> null;
      case Cell.Absent.UNCHANGED -> throw new Doubt("a cell that was not sent");
    };
  }
}

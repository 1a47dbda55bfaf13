package dev.anabranch.predicate.overlay;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.base.TypeOid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the cells of a branch's rows belong in main's: by what a column is, not by where it stands.
 *
 * <p>A column is the same when both have it from the fork point, under the same number, with the
 * same type or one that reads every text of the other's as the same value. Numbers that were given
 * after the fork point are each side's own.
 *
 * @param main main's layout
 * @param sources for each of main's columns its place in the branch's rows, or -1 when main added
 *     it after the fork point
 */
public record ColumnMatch(TableShape main, List<Integer> sources) {

  private static final long BIGINT = TypeOid.INT8;
  private static final long SMALLINT = TypeOid.INT2;
  private static final long INTEGER = TypeOid.INT4;
  private static final long TEXT = TypeOid.TEXT;
  private static final long VARCHAR = TypeOid.VARCHAR;

  private record Widening(long from, long to) {}

  private static final Set<Widening> WIDENINGS =
      Set.of(
          new Widening(SMALLINT, INTEGER),
          new Widening(SMALLINT, BIGINT),
          new Widening(INTEGER, BIGINT),
          new Widening(VARCHAR, TEXT));

  public ColumnMatch {
    sources = List.copyOf(sources);
  }

  /**
   * Empty when a cell of the branch's may belong nowhere, or nobody knows where.
   *
   * @param branch the layout of the branch's rows
   * @param fork the table at the fork point
   * @param main its layout on main
   */
  public static Optional<ColumnMatch> of(
      TableShape branch, TableShape fork, TableShape main, Traps traps) {
    if (traps.has(Trap.COLUMNS_BY_PLACE)) {
      return of(byPlace(branch), byPlace(fork), byPlace(main), Traps.NONE)
          .map(match -> new ColumnMatch(main, match.sources()));
    }
    List<Integer> sources = new ArrayList<>();
    for (Column column : main.columns()) {
      if (fork.indexOf(column.number()) < 0) {
        if (column.inKey() || branch.columns().stream().anyMatch(own -> isNamesake(own, column))) {
          return Optional.empty();
        }
        sources.add(-1);
        continue;
      }
      int place = branch.indexOf(column.number());
      if (place < 0 || !fits(branch.columns().get(place), column)) {
        return Optional.empty();
      }
      sources.add(place);
    }
    return Optional.of(new ColumnMatch(main, sources));
  }

  private static TableShape byPlace(TableShape shape) {
    List<Column> columns = new ArrayList<>();
    for (Column column : shape.columns()) {
      columns.add(
          new Column(
              columns.size() + 1,
              column.name(),
              column.typeOid(),
              column.typeModifier(),
              column.inKey()));
    }
    return new TableShape(shape.id(), shape.schema(), shape.name(), columns);
  }

  /** Of the branch's own, and named as one that main added: who reads it reads one or the other. */
  private static boolean isNamesake(Column own, Column added) {
    return own.name().equals(added.name());
  }

  private static boolean fits(Column branch, Column main) {
    return branch.typeOid() == main.typeOid()
        || WIDENINGS.contains(new Widening(branch.typeOid(), main.typeOid()));
  }

  /** Whether every column of main's is in the branch's rows. */
  public boolean isWhole() {
    return !sources.contains(-1);
  }

  /** A row of the branch in main's layout; cells of columns that main added were not sent. */
  public Image onMain(Image branch) {
    List<Cell> cells = new ArrayList<>(sources.size());
    for (int source : sources) {
      cells.add(source < 0 ? Cell.Absent.UNCHANGED : branch.cells().get(source));
    }
    return new Image(cells);
  }
}

package dev.anabranch.promote;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A branch in memory: rows as they were at the fork point, and the units that its writes become.
 */
public final class BranchModel {

  public static final BranchId ID = new BranchId(7);

  private final Map<TableShape, Map<Key, Image>> tables = new LinkedHashMap<>();
  private final List<Unit> units = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private long clock = 1000;

  /** A row that was there at the fork point, one text for each column. */
  public BranchModel row(TableShape table, @Nullable String... texts) {
    Image image = image(texts);
    rows(table).put(table.keyOf(image), image);
    return this;
  }

  /** The time of what is committed from now on. */
  public void at(Instant time) {
    now = time;
  }

  /** One transaction of the branch; its id counts from 1. */
  public Unit unit(Consumer<Writes> work) {
    Writes writes = new Writes();
    work.accept(writes);
    Unit unit =
        new Unit(
            units.size() + 1L,
            ID,
            units.size() + 700L,
            new Lsn(++clock),
            now,
            List.copyOf(tables.keySet()),
            writes.written);
    units.add(unit);
    return unit;
  }

  public List<Unit> units() {
    return List.copyOf(units);
  }

  public Map<Key, Image> rows(TableShape table) {
    return tables.computeIfAbsent(table, _ -> new HashMap<>());
  }

  static Image image(@Nullable String... texts) {
    List<Cell> cells = new ArrayList<>();
    for (String text : texts) {
      cells.add(Cell.of(text));
    }
    return new Image(cells);
  }

  /** The writes of one transaction. */
  public final class Writes {

    private final List<Write> written = new ArrayList<>();

    public Writes insert(TableShape table, @Nullable String... texts) {
      Image after = image(texts);
      rows(table).put(table.keyOf(after), after);
      written.add(new Write.Insert(table.id(), new Lsn(++clock), after));
      return this;
    }

    /** Sets one column of the row with this key. */
    public Writes update(TableShape table, String key, String column, @Nullable String text) {
      Image before = rows(table).remove(key(key));
      if (before == null) {
        throw new IllegalArgumentException("no row " + key + " in " + table.name());
      }
      List<Cell> cells = new ArrayList<>(before.cells());
      cells.set(indexOf(table, column), Cell.of(text));
      Image after = new Image(cells);
      rows(table).put(table.keyOf(after), after);
      written.add(new Write.Update(table.id(), new Lsn(++clock), before, after));
      return this;
    }

    public Writes delete(TableShape table, String key) {
      Image before = rows(table).remove(key(key));
      if (before == null) {
        throw new IllegalArgumentException("no row " + key + " in " + table.name());
      }
      written.add(new Write.Delete(table.id(), new Lsn(++clock), before));
      return this;
    }

    /** An update of a row that only its cells tell. */
    public Writes change(TableShape table, List<String> before, List<String> after) {
      rows(table);
      written.add(
          new Write.Update(
              table.id(),
              new Lsn(++clock),
              image(before.toArray(String[]::new)),
              image(after.toArray(String[]::new))));
      return this;
    }

    /** A delete of a row that only its cells tell. */
    public Writes remove(TableShape table, @Nullable String... row) {
      rows(table);
      written.add(new Write.Delete(table.id(), new Lsn(++clock), image(row)));
      return this;
    }

    /** The last write was an update or a delete, and the log has only its old row's key. */
    public Writes logsOnlyTheKey(TableShape table) {
      written.add(
          switch (written.removeLast()) {
            case Write.Update(var id, Lsn lsn, Image before, Image after) ->
                new Write.Update(id, lsn, keyOnly(table, before), after);
            case Write.Delete(var id, Lsn lsn, Image before) ->
                new Write.Delete(id, lsn, keyOnly(table, before));
            case Write.Insert insert -> insert;
            case Write.Truncate truncate -> truncate;
          });
      return this;
    }

    private static Image keyOnly(TableShape table, Image row) {
      List<Cell> cells = new ArrayList<>();
      for (int i = 0; i < row.cells().size(); i++) {
        cells.add(table.columns().get(i).inKey() ? row.cells().get(i) : Cell.Absent.UNCHANGED);
      }
      return new Image(cells);
    }

    public Writes truncate(TableShape table) {
      rows(table).clear();
      written.add(new Write.Truncate(table.id(), new Lsn(++clock)));
      return this;
    }
  }

  /** A key of one or more columns, with commas between. */
  static Key key(String text) {
    return new Key(List.of(text.split(",")));
  }

  private static int indexOf(TableShape table, String column) {
    for (int i = 0; i < table.columns().size(); i++) {
      Column one = table.columns().get(i);
      if (one.name().equals(column)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column " + column + " in " + table.name());
  }
}

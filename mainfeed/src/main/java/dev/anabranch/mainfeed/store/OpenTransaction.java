package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.decode.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One transaction of main while its changes arrive, folded to the newest image of each key.
 *
 * <p>An update does not carry a large value that it left alone ("unchanged TOAST"). Such a cell is
 * taken from the old row where that was sent, else from the newest image known here; what is then
 * still missing has the value it had at the fork point, and says so. If the row's key moved, that
 * sentence would be about another row, so the whole table counts as touched instead.
 */
final class OpenTransaction {

  /** Looks up what is known of a row before this transaction; empty when nothing is. */
  interface Earlier {
    Optional<Image> newest(TableId table, Key key);
  }

  /** One table's share of the transaction. */
  static final class TableChanges {
    private final Map<Key, Optional<Image>> rows = new LinkedHashMap<>();
    private Optional<String> touchedWhy = Optional.empty();

    /** The newest image of each changed key, empty when the row is gone. */
    Map<Key, Optional<Image>> rows() {
      return rows;
    }

    Optional<String> touchedWhy() {
      return touchedWhy;
    }
  }

  private static final String PROMOTION = "promotion:";

  private final Earlier earlier;
  private final Map<TableId, TableChanges> tables = new HashMap<>();
  private final Set<String> promotions = new HashSet<>();
  private long size;

  OpenTransaction(Earlier earlier) {
    this.earlier = earlier;
  }

  void insert(TableShape shape, Image after) {
    put(shape.id(), shape.keyOf(after), Optional.of(after));
  }

  void update(TableShape shape, Change.Update update) {
    Optional<Image> old = update.before().or(update::oldKey);
    Image after = fill(update.after(), update.before());
    if (update.oldKey().isPresent()) {
      after = fillKey(shape, after, update.oldKey().get());
    }
    if (hasUnsentKey(shape, after)) {
      touch(shape.id(), "a row's key was too large to be sent");
      return;
    }
    Key key = shape.keyOf(after);
    Key oldKey = old.map(shape::keyOf).orElse(key);
    boolean moved = !oldKey.equals(key);
    if (hasUnsent(after)) {
      after = fill(after, known(shape.id(), oldKey, moved));
    }
    if (moved) {
      if (hasUnsent(after)) {
        touch(shape.id(), "a row's key changed and a large value of it was not sent");
        return;
      }
      put(shape.id(), oldKey, Optional.empty());
    }
    put(shape.id(), key, Optional.of(after));
  }

  void delete(TableShape shape, Change.Delete delete) {
    Image old = delete.before().or(delete::oldKey).orElseThrow();
    put(shape.id(), shape.keyOf(old), Optional.empty());
  }

  /** The table was changed in a way that is no set of keyed rows; what its rows were is void. */
  void touch(TableId table, String why) {
    TableChanges changes = changes(table);
    if (changes.touchedWhy.isEmpty()) {
      size -= changes.rows.size();
      changes.rows.clear();
      changes.touchedWhy = Optional.of(why);
    }
  }

  void message(Change.Message message) {
    if (message.prefix().equals("anabranch") && message.content().startsWith(PROMOTION)) {
      promotions.add(message.content().substring(PROMOTION.length()));
    }
  }

  Map<TableId, TableChanges> tables() {
    return tables;
  }

  Set<String> promotions() {
    return promotions;
  }

  /** How many rows it holds in memory. */
  long size() {
    return size;
  }

  /** Lets go of the rows, which have been put aside; touches stay. */
  void dropRows() {
    tables.values().forEach(changes -> changes.rows.clear());
    size = 0;
  }

  private TableChanges changes(TableId table) {
    return tables.computeIfAbsent(table, ignored -> new TableChanges());
  }

  private void put(TableId table, Key key, Optional<Image> image) {
    TableChanges changes = changes(table);
    if (changes.touchedWhy.isPresent()) {
      return; // no fork point can need it: before this commit the table is touched, after it the
      // row is not new
    }
    if (changes.rows.put(key, image) == null) {
      size++;
    }
  }

  /** What is known of a row; what is stored is asked for only when it can't be filled in later. */
  private Optional<Image> known(TableId table, Key key, boolean askStore) {
    TableChanges changes = tables.get(table);
    if (changes != null) {
      Optional<Image> own = changes.rows.get(key);
      if (own != null) {
        return own;
      }
    }
    return askStore ? earlier.newest(table, key) : Optional.empty();
  }

  /** Cells that were not sent, taken from an older image of the same row where that has them. */
  static Image fill(Image image, Optional<Image> older) {
    if (older.isEmpty() || !hasUnsent(image)) {
      return image;
    }
    List<Cell> cells = new ArrayList<>(image.cells());
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i) == Cell.Absent.UNCHANGED) {
        cells.set(i, older.get().cells().get(i));
      }
    }
    return new Image(cells);
  }

  static boolean hasUnsent(Image image) {
    return image.cells().contains(Cell.Absent.UNCHANGED);
  }

  /** The old key's other columns are sent as NULL, so only key columns may be taken from it. */
  private static Image fillKey(TableShape shape, Image image, Image oldKey) {
    List<Cell> cells = new ArrayList<>(image.cells());
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i) == Cell.Absent.UNCHANGED && shape.columns().get(i).inKey()) {
        cells.set(i, oldKey.cells().get(i));
      }
    }
    return new Image(cells);
  }

  private static boolean hasUnsentKey(TableShape shape, Image image) {
    for (int i = 0; i < image.cells().size(); i++) {
      if (shape.columns().get(i).inKey() && image.cells().get(i) == Cell.Absent.UNCHANGED) {
        return true;
      }
    }
    return false;
  }
}

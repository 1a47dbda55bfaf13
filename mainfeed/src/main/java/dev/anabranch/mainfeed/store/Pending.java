package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Committed changes that are not stored yet, folded to the newest image of each key. Not safe for
 * more than one thread.
 */
final class Pending {

  /** The newest image of a row, empty when it is gone, and the commit it came from. */
  record Row(Optional<Image> image, Lsn lsn) {}

  /** The newest change of a table that is no set of keyed rows. */
  record Touch(Lsn lsn, String why) {}

  /** When a commit was. */
  record Moment(Lsn lsn, Instant committedAt) {

    private static final long SECONDS_EACH = 10;

    /** The newest of each such stretch of time is kept. */
    long stretch() {
      return Math.floorDiv(committedAt.getEpochSecond(), SECONDS_EACH);
    }
  }

  /** One table's share. A touch is older than every row beside it. */
  static final class Table {
    final Map<Key, Row> rows = new LinkedHashMap<>();
    Optional<Touch> touch = Optional.empty();
  }

  private final Map<TableId, Table> tables = new LinkedHashMap<>();
  private final Map<String, Lsn> markers = new HashMap<>();
  private final Map<Long, Moment> moments = new HashMap<>();
  private long rows;

  /** Adds a transaction, newer than all before. */
  void add(OpenTransaction transaction, Lsn endLsn, Instant committedAt) {
    Moment moment = new Moment(endLsn, committedAt);
    moments.put(moment.stretch(), moment);
    transaction
        .tables()
        .forEach((id, changes) -> {
          Table table = tables.computeIfAbsent(id, ignored -> new Table());
          long before = table.rows.size();
          if (changes.touchedWhy().isPresent()) {
            table.rows.clear();
            table.touch = Optional.of(new Touch(endLsn, changes.touchedWhy().get()));
          }
          changes
              .rows()
              .forEach((key, image) ->
                  table.rows.merge(key, new Row(image, endLsn), Pending::completed));
          rows += table.rows.size() - before;
        });
    transaction.promotions().forEach(promotion -> markers.put(promotion, endLsn));
  }

  private static Row completed(Row older, Row newer) {
    return new Row(
        newer.image().map(image -> OpenTransaction.fill(image, older.image())), newer.lsn());
  }

  /** The image that a row has by what is pending; empty inside when it is gone. */
  Optional<Row> newest(TableId table, Key key) {
    Table pending = tables.get(table);
    return pending == null ? Optional.empty() : Optional.ofNullable(pending.rows.get(key));
  }

  Map<TableId, Table> tables() {
    return tables;
  }

  Map<String, Lsn> markers() {
    return markers;
  }

  Map<Long, Moment> moments() {
    return moments;
  }

  long rowCount() {
    return rows;
  }

  boolean isEmpty() {
    return tables.isEmpty() && markers.isEmpty();
  }

  void clear() {
    tables.clear();
    markers.clear();
    moments.clear();
    rows = 0;
  }
}

package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.MainFeed;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads a delta inside one snapshot of the control database. */
final class DeltaReader {

  private static final int FETCH_ROWS = 10_000;
  private static final int ROWS_TOLD_AT_ONCE = 1_000;

  private final Handle handle;

  DeltaReader(Handle handle) {
    this.handle = handle;
  }

  Delta since(Lsn forkLsn) {
    return since(forkLsn, new Delta(forkLsn, forkLsn, Map.of()));
  }

  /**
   * A row whose newest change is no newer than the earlier delta is in that as it is: each change
   * of a row gives it a new position.
   */
  Delta since(Lsn forkLsn, Delta earlier) {
    Optional<FeedStore.Progress> found = FeedStore.progress(handle);
    if (found.isEmpty()) {
      return new Delta(forkLsn, Lsn.ZERO, Map.of());
    }
    FeedStore.Progress progress = found.get();
    Map<TableId, TableDelta> deltas = new HashMap<>();
    Map<TableId, Rows> rows = new HashMap<>();
    new FeedTableStore(handle)
        .withTouches()
        .forEach((id, entry) -> {
          Optional<TableDelta> other = notAsRows(entry, forkLsn, progress);
          other.ifPresent(delta -> deltas.put(id, delta));
          if (other.isEmpty()) {
            rows.put(id, Rows.of(entry.table().shape(), forkLsn, earlier));
          }
        });
    readRows(rows, progress.applied());
    rows.forEach((id, changed) -> deltas.put(id, changed.delta()));
    return new Delta(forkLsn, progress.applied(), deltas);
  }

  /** The same as {@link #since(Lsn)}, told. */
  void tell(Lsn forkLsn, MainFeed.Told told) {
    Optional<FeedStore.Progress> found = FeedStore.progress(handle);
    if (found.isEmpty()) {
      told.begin(new Delta(forkLsn, Lsn.ZERO, Map.of()));
      return;
    }
    FeedStore.Progress progress = found.get();
    Map<TableId, TableDelta> deltas = new HashMap<>();
    new FeedTableStore(handle)
        .withTouches()
        .forEach((id, entry) ->
            deltas.put(
                id,
                notAsRows(entry, forkLsn, progress)
                    .orElseGet(() -> new TableDelta.Rows(entry.table().shape(), List.of()))));
    told.begin(new Delta(forkLsn, progress.applied(), deltas));
    handle
        .createQuery(
            "SELECT table_oid, coalesce(long_key, key), image, lsn::text FROM feed_row WHERE lsn >"
                + " :after::pg_lsn ORDER BY table_oid, feed_row.lsn")
        .bind("after", forkLsn.toString())
        .setFetchSize(ROWS_TOLD_AT_ONCE)
        .map((row, context) -> Map.entry(new TableId(row.getLong(1)), newestRow(row)))
        .forEach(entry -> {
          if (deltas.get(entry.getKey()) instanceof TableDelta.Rows) {
            told.row(entry.getKey(), entry.getValue());
          }
        });
  }

  /**
   * One table's rows: those of an earlier delta, and what has to be read.
   *
   * @param after rows that have changed after it have to be read
   */
  private record Rows(TableDelta.Rows known, Lsn after, List<NewestRow> fresh) {

    static Rows of(TableShape shape, Lsn forkLsn, Delta earlier) {
      boolean usable =
          earlier.since().equals(forkLsn)
              && earlier.tables().get(shape.id()) instanceof TableDelta.Rows rows
              && rows.shape().equals(shape);
      return usable && earlier.tables().get(shape.id()) instanceof TableDelta.Rows rows
          ? new Rows(rows, earlier.asOf(), new ArrayList<>())
          : new Rows(new TableDelta.Rows(shape, List.of()), forkLsn, new ArrayList<>());
    }

    TableDelta.Rows delta() {
      if (fresh.isEmpty()) {
        return known;
      }
      if (known.rows().isEmpty()) {
        return new TableDelta.Rows(known.shape(), fresh);
      }
      Map<Key, NewestRow> all = new LinkedHashMap<>();
      known.rows().forEach(row -> all.put(row.key(), row));
      fresh.forEach(row -> all.put(row.key(), row));
      return new TableDelta.Rows(known.shape(), List.copyOf(all.values()));
    }
  }

  /** Why a table's changes can't be given as rows, if so. */
  private static Optional<TableDelta> notAsRows(
      FeedTableStore.Entry entry, Lsn forkLsn, FeedStore.Progress progress) {
    WatchedTable table = entry.table();
    if (table.since().isEmpty()) {
      return Optional.of(new TableDelta.Unwatched(table.whyNot()));
    }
    if (forkLsn.isBefore(progress.forgotten())) {
      return Optional.of(
          new TableDelta.Unwatched(
              "the feed has forgotten what changed before " + progress.forgotten()));
    }
    if (forkLsn.isBefore(table.since().get())) {
      return Optional.of(
          new TableDelta.Unwatched("the feed has watched it only since " + table.since().get()));
    }
    return entry
        .touch()
        .filter(touch -> touch.lsn().isAfter(forkLsn))
        .map(touch -> new TableDelta.Touched(touch.lsn(), touch.why()));
  }

  private void readRows(Map<TableId, Rows> tables, Lsn applied) {
    Optional<Lsn> least = tables.values().stream().map(Rows::after).min(Lsn::compareTo);
    if (least.isEmpty() || !least.get().isBefore(applied)) {
      return;
    }
    handle
        .createQuery(
            "SELECT table_oid, coalesce(long_key, key), image, lsn::text FROM feed_row WHERE lsn >"
                + " :after::pg_lsn")
        .bind("after", least.get().toString())
        .setFetchSize(FETCH_ROWS)
        .map((row, context) -> Map.entry(new TableId(row.getLong(1)), newestRow(row)))
        .forEach(entry -> {
          Rows rows = tables.get(entry.getKey());
          if (rows != null && entry.getValue().lsn().isAfter(rows.after())) {
            rows.fresh().add(entry.getValue());
          }
        });
  }

  private static NewestRow newestRow(ResultSet row) throws SQLException {
    byte @Nullable [] image = row.getBytes(3);
    return new NewestRow(
        CellCodec.key(row.getBytes(2)),
        Optional.ofNullable(image).map(CellCodec::image),
        Lsn.parse(row.getString(4)));
  }
}

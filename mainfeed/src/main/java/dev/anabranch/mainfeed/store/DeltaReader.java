package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads a delta inside one snapshot of the control database. */
final class DeltaReader {

  private static final int FETCH_ROWS = 10_000;

  private final Handle handle;

  DeltaReader(Handle handle) {
    this.handle = handle;
  }

  Delta since(Lsn forkLsn) {
    Optional<FeedStore.Progress> found = FeedStore.progress(handle);
    if (found.isEmpty()) {
      return new Delta(forkLsn, Lsn.ZERO, Map.of());
    }
    FeedStore.Progress progress = found.get();
    Map<TableId, TableDelta> deltas = new HashMap<>();
    Map<TableId, List<NewestRow>> rows = new HashMap<>();
    new Watches(handle)
        .withTouches()
        .forEach((id, entry) -> {
          Optional<TableDelta> other = notAsRows(entry, forkLsn, progress);
          if (other.isPresent()) {
            deltas.put(id, other.get());
          } else {
            rows.put(id, new ArrayList<>());
            deltas.put(id, new TableDelta.Rows(entry.table().shape(), List.of()));
          }
        });
    readRows(forkLsn, rows);
    rows.forEach((id, changed) -> {
      if (!changed.isEmpty() && deltas.get(id) instanceof TableDelta.Rows(var shape, var ignored)) {
        deltas.put(id, new TableDelta.Rows(shape, List.copyOf(changed)));
      }
    });
    return new Delta(forkLsn, progress.applied(), deltas);
  }

  /** Why a table's changes can't be given as rows, if so. */
  private static Optional<TableDelta> notAsRows(
      Watches.Entry entry, Lsn forkLsn, FeedStore.Progress progress) {
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

  private void readRows(Lsn forkLsn, Map<TableId, List<NewestRow>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    handle
        .createQuery(
            "SELECT table_oid, coalesce(long_key, key), image, lsn::text FROM feed_row WHERE lsn >"
                + " :fork::pg_lsn")
        .bind("fork", forkLsn.toString())
        .setFetchSize(FETCH_ROWS)
        .map((row, context) -> Map.entry(new TableId(row.getLong(1)), newestRow(row)))
        .forEach(entry -> {
          List<NewestRow> changed = rows.get(entry.getKey());
          if (changed != null) {
            changed.add(entry.getValue());
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

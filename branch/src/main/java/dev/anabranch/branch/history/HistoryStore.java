package dev.anabranch.branch.history;

import dev.anabranch.base.Lsn;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Bases in the control database. */
final class HistoryStore {

  private final Jdbi jdbi;

  HistoryStore(DataSource control) {
    this.jdbi = Jdbi.create(control);
  }

  /** Notes that one is being made; returns its id. */
  long begin() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("INSERT INTO history_bases DEFAULT VALUES RETURNING id")
            .mapTo(Long.class)
            .one());
  }

  void finish(Base base) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                "UPDATE history_bases SET position = :position::pg_lsn, redo = :redo::pg_lsn,"
                    + " taken_at = :takenAt, timeline = :timeline WHERE id = :id")
            .bind("position", base.position().toString())
            .bind("redo", base.redo().toString())
            .bind("takenAt", base.takenAt())
            .bind("timeline", base.timeline())
            .bind("id", base.id())
            .execute());
  }

  void remove(long id) {
    jdbi.useHandle(handle -> handle.execute("DELETE FROM history_bases WHERE id = ?", id));
  }

  /** Whole ones, the oldest first. */
  List<Base> bases() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT id, position::text, redo::text, taken_at, timeline FROM history_bases WHERE"
                    + " position IS NOT NULL ORDER BY history_bases.position")
            .map((row, context) ->
                new Base(
                    row.getLong("id"),
                    Lsn.parse(row.getString("position")),
                    Lsn.parse(row.getString("redo")),
                    row.getTimestamp("taken_at").toInstant(),
                    row.getLong("timeline")))
            .list());
  }

  List<Long> unfinished() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT id FROM history_bases WHERE position IS NULL")
            .mapTo(Long.class)
            .list());
  }
}

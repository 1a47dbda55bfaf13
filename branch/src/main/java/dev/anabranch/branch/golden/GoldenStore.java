package dev.anabranch.branch.golden;

import dev.anabranch.base.Lsn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/** Golden images in the control database. */
final class GoldenStore {

  private static final String COLUMNS =
      "id, fork_lsn, fork_time, major, database, (SELECT array_agg(key ORDER BY key) FROM"
          + " jsonb_each_text(main_settings)) AS names, (SELECT array_agg(value ORDER BY key) FROM"
          + " jsonb_each_text(main_settings)) AS settings";

  private final Jdbi jdbi;

  GoldenStore(DataSource control) {
    this.jdbi = Jdbi.create(control);
  }

  /** Notes that a cut begins; returns its id. */
  long begin(int major, String database, Map<String, String> mainSettings) {
    String[] names = mainSettings.keySet().toArray(String[]::new);
    String[] values = java.util.Arrays.stream(names).map(mainSettings::get).toArray(String[]::new);
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "INSERT INTO golden_images (state, major, database, main_settings) VALUES"
                    + " ('CUTTING', :major, :database, jsonb_object(:names, :values)) RETURNING id")
            .bind("major", major)
            .bind("database", database)
            .bindArray("names", String.class, (Object[]) names)
            .bindArray("values", String.class, (Object[]) values)
            .mapTo(Long.class)
            .one());
  }

  void finish(long id, Lsn forkLsn, Instant forkTime) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                "UPDATE golden_images SET state = 'WHOLE', fork_lsn = CAST(:lsn AS pg_lsn),"
                    + " fork_time = :time WHERE id = :id")
            .bind("lsn", forkLsn.toString())
            .bind("time", forkTime)
            .bind("id", id)
            .execute());
  }

  void remove(long id) {
    jdbi.useHandle(handle ->
        handle.createUpdate("DELETE FROM golden_images WHERE id = ?").bind(0, id).execute());
  }

  /** Whole images, the newest first. */
  List<GoldenImage> whole() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT "
                    + COLUMNS
                    + " FROM golden_images WHERE state = 'WHOLE' ORDER BY fork_lsn DESC")
            .map(GoldenStore::image)
            .list());
  }

  Optional<GoldenImage> at(Lsn forkLsn) {
    return whole().stream().filter(image -> image.forkLsn().equals(forkLsn)).findFirst();
  }

  Set<Long> unfinished() {
    return Set.copyOf(
        jdbi.withHandle(handle ->
            handle
                .createQuery("SELECT id FROM golden_images WHERE state <> 'WHOLE'")
                .mapTo(Long.class)
                .list()));
  }

  /** Images that a branch rests on. */
  Set<Long> inUse() {
    return Set.copyOf(
        jdbi.withHandle(handle ->
            handle
                .createQuery("SELECT DISTINCT golden_id FROM branches WHERE golden_id IS NOT NULL")
                .mapTo(Long.class)
                .list()));
  }

  private static GoldenImage image(ResultSet row, StatementContext context) throws SQLException {
    return new GoldenImage(
        row.getLong("id"),
        Lsn.parse(row.getString("fork_lsn")),
        row.getTimestamp("fork_time").toInstant(),
        row.getInt("major"),
        row.getString("database"),
        settings(row));
  }

  private static Map<String, String> settings(ResultSet row) throws SQLException {
    Map<String, String> settings = new HashMap<>();
    if (row.getArray("names") != null) {
      String[] names = (String[]) row.getArray("names").getArray();
      String[] values = (String[]) row.getArray("settings").getArray();
      for (int i = 0; i < names.length; i++) {
        settings.put(names[i], values[i]);
      }
    }
    return settings;
  }
}

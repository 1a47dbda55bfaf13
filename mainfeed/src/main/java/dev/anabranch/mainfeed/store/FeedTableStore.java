package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Column;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The stored list of tables: layout, since when each is watched, and when it was last touched as a
 * whole.
 */
final class FeedTableStore {

  /** A table with the newest commit that changed it in a way that is no set of rows. */
  record Entry(WatchedTable table, Optional<Pending.Touch> touch) {}

  private final Handle handle;

  FeedTableStore(Handle handle) {
    this.handle = handle;
  }

  Map<TableId, WatchedTable> all() {
    Map<TableId, WatchedTable> tables = new HashMap<>();
    withTouches().forEach((id, entry) -> tables.put(id, entry.table()));
    return tables;
  }

  Map<TableId, Entry> withTouches() {
    Map<TableId, Entry> entries = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT table_oid, schema_name, table_name, since::text AS since, why_not, touched::text AS touched,
                   touched_why, column_numbers, column_names, column_types, column_modifiers, column_in_key
            FROM feed_table
            """)
        .map((row, context) -> entry(row))
        .forEach(entry -> entries.put(entry.table().shape().id(), entry));
    return entries;
  }

  void register(Collection<WatchedTable> tables) {
    forgetRows(tables.stream().map(table -> table.shape().id()).toList());
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO feed_table (table_oid, schema_name, table_name, since, why_not, column_numbers, column_names,
                                    column_types, column_modifiers, column_in_key)
            VALUES (:oid, :schema, :name, :since::pg_lsn, :whyNot, :numbers, :names, :types, :modifiers, :inKey)
            ON CONFLICT (table_oid) DO UPDATE
            SET schema_name = excluded.schema_name, table_name = excluded.table_name, since = excluded.since,
                why_not = excluded.why_not, touched = NULL, touched_why = '',
                column_numbers = excluded.column_numbers, column_names = excluded.column_names,
                column_types = excluded.column_types, column_modifiers = excluded.column_modifiers,
                column_in_key = excluded.column_in_key
            """);
    for (WatchedTable table : tables) {
      List<Column> columns = table.shape().columns();
      batch
          .bind("oid", table.shape().id().oid())
          .bind("schema", table.shape().schema())
          .bind("name", table.shape().name())
          .bind("since", table.since().map(Lsn::toString).orElse(null))
          .bind("whyNot", table.whyNot())
          .bindArray("numbers", Integer.class, each(columns, Column::number))
          .bindArray("names", String.class, each(columns, Column::name))
          .bindArray("types", Long.class, each(columns, Column::typeOid))
          .bindArray("modifiers", Integer.class, each(columns, Column::typeModifier))
          .bindArray("inKey", Boolean.class, each(columns, Column::inKey))
          .add();
    }
    if (!tables.isEmpty()) {
      batch.execute();
    }
  }

  void unwatch(Map<TableId, String> reasons) {
    forgetRows(reasons.keySet());
    reasons.forEach((id, why) ->
        handle
            .createUpdate(
                "UPDATE feed_table SET since = NULL, why_not = :why WHERE table_oid = :oid")
            .bind("why", why)
            .bind("oid", id.oid())
            .execute());
  }

  /**
   * What was stored of them before is void: it may have another layout, and no fork point after the
   * position needs it.
   */
  void coverFrom(Lsn position, Collection<TableId> tables) {
    forgetRows(tables);
    for (TableId id : tables) {
      handle
          .createUpdate(
              "UPDATE feed_table SET since = :since::pg_lsn, why_not = '' WHERE table_oid = :oid")
          .bind("since", position.toString())
          .bind("oid", id.oid())
          .execute();
    }
  }

  void restart(String slot, String systemId, Lsn position, Collection<WatchedTable> tables) {
    handle.execute("TRUNCATE feed_progress, feed_table, feed_row, feed_moment");
    handle
        .createUpdate(
            """
            INSERT INTO feed_progress (slot, system_id, continuous_since, applied, forgotten)
            VALUES (:slot, :systemId, :lsn::pg_lsn, :lsn::pg_lsn, :lsn::pg_lsn)
            """)
        .bind("slot", slot)
        .bind("systemId", systemId)
        .bind("lsn", position.toString())
        .execute();
    register(tables);
  }

  private void forgetRows(Collection<TableId> tables) {
    if (!tables.isEmpty()) {
      handle
          .createUpdate("DELETE FROM feed_row WHERE table_oid = ANY (:oids)")
          .bindArray("oids", Long.class, tables.stream().map(TableId::oid).toList())
          .execute();
    }
  }

  private static <T> List<T> each(List<Column> columns, Function<Column, T> part) {
    return columns.stream().map(part).toList();
  }

  private static Entry entry(ResultSet row) throws SQLException {
    Integer[] numbers = (Integer[]) row.getArray("column_numbers").getArray();
    String[] names = (String[]) row.getArray("column_names").getArray();
    Long[] types = (Long[]) row.getArray("column_types").getArray();
    Integer[] modifiers = (Integer[]) row.getArray("column_modifiers").getArray();
    Boolean[] inKey = (Boolean[]) row.getArray("column_in_key").getArray();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      columns.add(new Column(numbers[i], names[i], types[i], modifiers[i], inKey[i]));
    }
    TableShape shape =
        new TableShape(
            new TableId(row.getLong("table_oid")),
            row.getString("schema_name"),
            row.getString("table_name"),
            columns);
    return new Entry(
        new WatchedTable(shape, position(row.getString("since")), row.getString("why_not")),
        position(row.getString("touched"))
            .map(lsn -> new Pending.Touch(lsn, text(row, "touched_why"))));
  }

  private static Optional<Lsn> position(@Nullable String text) {
    return Optional.ofNullable(text).map(Lsn::parse);
  }

  private static String text(ResultSet row, String column) {
    try {
      return row.getString(column);
    } catch (SQLException e) {
      throw new IllegalStateException("reading " + column, e);
    }
  }
}

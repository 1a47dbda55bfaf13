package dev.anabranch.check;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.TextForm;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaQueries;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Notes every row that is written on a scratch copy, by whomever, with a trigger on each table.
 * What is rolled back can't be read from a log, so that would not do.
 */
final class Capture {

  /** Before every other trigger of a statement, so that rows are noted in the order of writing. */
  private static final String TRIGGER = "\" anabranch\"";

  private final Connection connection;
  private final SchemaSnapshot schema;
  private boolean installed;

  Capture(Connection connection, SchemaSnapshot schema) {
    this.connection = connection;
    this.schema = schema;
  }

  /**
   * Once for each copy, before anything is written that counts; the caller commits. What watches
   * commands there would look at every table for each trigger, and is not told of these.
   */
  void install() throws SQLException {
    if (installed || isThere()) {
      return;
    }
    String settings = TextForm.SET_STATEMENTS.stream().collect(Collectors.joining(" "));
    String emptied = TRIGGER.replace("anabranch", "anabranch emptied");
    try (Statement statement = connection.createStatement()) {
      ScratchReplay.prepare(connection);
      statement.setEscapeProcessing(false);
      statement.execute(installation(settings, emptied));
    }
    installed = true;
  }

  /** A copy is asked more than once when what was executed again is laid over it. */
  private boolean isThere() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_catalog.to_regnamespace('anabranch_rehearsal') IS NOT NULL")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private static String installation(String settings, String emptied) {
    return """
    CREATE SCHEMA anabranch_rehearsal;
    CREATE UNLOGGED TABLE anabranch_rehearsal.log
      (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, relation oid, operation text, was text, is_now text);
    CREATE FUNCTION anabranch_rehearsal.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER %s
      SET search_path = pg_catalog AS $note$
    BEGIN
      INSERT INTO anabranch_rehearsal.log (relation, operation, was, is_now) VALUES (TG_RELID, TG_OP,
        CASE WHEN TG_OP IN ('UPDATE', 'DELETE') THEN OLD::text END,
        CASE WHEN TG_OP IN ('UPDATE', 'INSERT') THEN NEW::text END);
      RETURN NULL;
    END $note$;
    DO $install$
    DECLARE
      found regclass;
      watcher name;
      watched_again text := (
        SELECT string_agg(format('ALTER EVENT TRIGGER %%I ENABLE %%s', evtname,
          CASE evtenabled WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END), ';')
        FROM pg_catalog.pg_event_trigger WHERE evtenabled IN ('A', 'R'));
    BEGIN
      FOR watcher IN SELECT evtname FROM pg_catalog.pg_event_trigger WHERE evtenabled IN ('A', 'R') LOOP
        EXECUTE format('ALTER EVENT TRIGGER %%I DISABLE', watcher);
      END LOOP;
      FOR found IN
        SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND %s AND n.nspname NOT IN ('anabranch', 'anabranch_rehearsal')
      LOOP
        EXECUTE format('CREATE TRIGGER %s AFTER INSERT OR UPDATE OR DELETE ON %%s
          FOR EACH ROW EXECUTE FUNCTION anabranch_rehearsal.note()', found);
        EXECUTE format('CREATE TRIGGER %s AFTER TRUNCATE ON %%s
          FOR EACH STATEMENT EXECUTE FUNCTION anabranch_rehearsal.note()', found);
        EXECUTE format('ALTER TABLE %%s ENABLE ALWAYS TRIGGER %s, ENABLE ALWAYS TRIGGER %s', found);
      END LOOP;
      EXECUTE coalesce(watched_again, '');
    END $install$
    """
        .formatted(settings, SchemaQueries.USER_SCHEMA, TRIGGER, emptied, TRIGGER, emptied);
  }

  /** What was noted so far. */
  long position() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT coalesce(max(n), 0) FROM anabranch_rehearsal.log")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** How many rows were inserted into each table since a position. */
  Map<TableId, Integer> insertedSince(long position) throws SQLException {
    Map<TableId, Integer> counts = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT relation, count(*) FROM anabranch_rehearsal.log WHERE n > ? AND operation ="
                + " 'INSERT' GROUP BY relation")) {
      query.setLong(1, position);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          counts.put(new TableId(row.getLong(1)), row.getInt(2));
        }
      }
    }
    return counts;
  }

  /** What was written since a position. */
  List<Write> since(long position) throws SQLException {
    List<Write> writes = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT n, relation, operation, was, is_now FROM anabranch_rehearsal.log WHERE n > ?"
                + " ORDER BY n")) {
      query.setLong(1, position);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          TableId table = new TableId(row.getLong(2));
          Lsn place = new Lsn(row.getLong(1));
          writes.add(
              switch (String.valueOf(row.getString(3))) {
                case "INSERT" -> new Write.Insert(table, place, image(table, row.getString(5)));
                case "DELETE" -> new Write.Delete(table, place, image(table, row.getString(4)));
                case "UPDATE" ->
                    new Write.Update(
                        table,
                        place,
                        image(table, row.getString(4)),
                        image(table, row.getString(5)));
                default -> new Write.Truncate(table, place);
              });
        }
      }
    }
    return List.copyOf(writes);
  }

  /** The layouts of the tables written. */
  List<TableShape> shapes(List<Write> writes) {
    return writes.stream()
        .map(Write::table)
        .distinct()
        .flatMap(table -> Optional.ofNullable(schema.relations().get(table)).stream())
        .map(SchemaSnapshot.Relation::shape)
        .toList();
  }

  /** A row's text has its generated columns as well, which an image has not. */
  private Image image(TableId table, @Nullable String text) throws SQLException {
    SchemaSnapshot.Relation relation = schema.relations().get(table);
    if (relation == null || text == null) {
      throw new SQLException("a row of a table that is not known was written");
    }
    List<@Nullable String> values = RowText.parse(text);
    TreeSet<Integer> numbers = new TreeSet<>(relation.generatedColumns());
    relation.shape().columns().forEach(column -> numbers.add(column.number()));
    if (values.size() != numbers.size()) {
      throw new SQLException("a row of " + relation.shape().qualifiedName() + " has other columns");
    }
    List<Cell> cells = new ArrayList<>();
    int place = 0;
    for (int number : numbers) {
      if (relation.shape().indexOf(number) >= 0) {
        cells.add(Cell.of(values.get(place)));
      }
      place++;
    }
    return new Image(cells);
  }
}

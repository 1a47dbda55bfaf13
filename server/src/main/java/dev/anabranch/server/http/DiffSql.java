package dev.anabranch.server.http;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Identifiers;
import dev.anabranch.base.TextForm;
import dev.anabranch.check.diff.ChangedRow;
import dev.anabranch.check.diff.Diff;
import dev.anabranch.check.diff.DiffTable;
import dev.anabranch.check.diff.SchemaChange;
import dev.anabranch.check.diff.Side;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A diff as statements that bring the state of the fork point to the state that it tells of.
 *
 * <p>Values are literals without a type, which Postgres reads as the column's own. Rows of a table
 * without a key are found by all that they hold, one at a time.
 */
final class DiffSql {

  /** Types whose values need no quotes: int8, int2, int4. */
  private static final Set<Long> WHOLE_NUMBERS = Set.of(20L, 21L, 23L);

  private final Writer out;

  private DiffSql(Writer out) {
    this.out = out;
  }

  static void write(Diff diff, OutputStream stream) throws IOException {
    Writer out = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
    new DiffSql(out).write(diff);
    out.flush();
  }

  private void write(Diff diff) throws IOException {
    Diff.Head head = diff.head();
    line(
        "-- %s since %s, as of %s"
            .formatted(
                head.behind() ? "main" : "branch " + head.branch(), head.forkLsn(), head.asOf()));
    for (DiffTable table : diff.tables()) {
      if (table.note().isPresent()) {
        comment(table.qualifiedName() + ": " + table.note().get());
      }
    }
    for (SchemaChange change : diff.schema().orElse(List.of())) {
      comment(change.kind() + " " + change.object());
      comment("  was: " + change.before().orElse("not there"));
      comment("  is:  " + change.after().orElse("not there"));
    }
    line("BEGIN;");
    for (String set : TextForm.SET_STATEMENTS) {
      line(set.replaceFirst("^SET ", "SET LOCAL ") + ";");
    }
    String emptied =
        diff.tables().stream()
            .filter(DiffTable::emptied)
            .map(DiffSql::name)
            .collect(Collectors.joining(", "));
    if (!emptied.isEmpty()) {
      line("TRUNCATE " + emptied + ";");
    }
    diff.rows((table, row) -> line(statement(table, row) + ";"));
    line("COMMIT;");
  }

  private static String statement(DiffTable table, ChangedRow row) {
    return switch (row.kind()) {
      case INSERT -> insert(name(table), row.after().orElseThrow());
      case UPDATE -> update(name(table), row.before().orElseThrow(), row.after().orElseThrow());
      case DELETE -> delete(name(table), row.before().orElseThrow());
    };
  }

  private static String insert(String table, Side row) {
    List<Column> known = known(row);
    return "INSERT INTO "
        + table
        + " ("
        + known.stream().map(DiffSql::name).collect(Collectors.joining(", "))
        + ") OVERRIDING SYSTEM VALUE VALUES ("
        + known.stream().map(column -> value(column, row)).collect(Collectors.joining(", "))
        + ")";
  }

  private static String update(String table, Side before, Side after) {
    String set =
        known(after).stream()
            .filter(column -> after.differsAt(column, before))
            .map(column -> name(column) + " = " + value(column, after))
            .collect(Collectors.joining(", "));
    return set.isEmpty()
        ? "-- only columns of " + table + " that are there no more"
        : "UPDATE ONLY " + table + " SET " + set + " WHERE " + byKey(after);
  }

  private static String delete(String table, Side row) {
    if (row.shape().hasKey()) {
      return "DELETE FROM ONLY " + table + " WHERE " + byKey(row);
    }
    String alike =
        known(row).stream()
            .map(column -> isAsWritten(column, row))
            .collect(Collectors.joining(" AND "));
    return "DELETE FROM ONLY "
        + table
        + " WHERE ctid = (SELECT ctid FROM ONLY "
        + table
        + (alike.isEmpty() ? "" : " WHERE " + alike)
        + " LIMIT 1)";
  }

  private static String byKey(Side row) {
    return row.shape().keyColumns().stream()
        .map(column -> name(column) + " = " + value(column, row))
        .collect(Collectors.joining(" AND "));
  }

  /** Compared as text: not every type can be compared otherwise. */
  private static String isAsWritten(Column column, Side row) {
    return cell(column, row) == Cell.Absent.NULL
        ? name(column) + " IS NULL"
        : "pg_catalog.format('%s', " + name(column) + ") = " + quoted(cell(column, row));
  }

  private static List<Column> known(Side row) {
    return row.shape().columns().stream()
        .filter(column -> cell(column, row) != Cell.Absent.UNCHANGED)
        .toList();
  }

  private static Cell cell(Column column, Side row) {
    return row.cell(column).orElse(Cell.Absent.UNCHANGED);
  }

  private static String value(Column column, Side row) {
    Cell cell = cell(column, row);
    boolean bare =
        WHOLE_NUMBERS.contains(column.typeOid())
            && cell instanceof Cell.Text(String text)
            && text.matches("[0-9]+");
    return bare ? String.valueOf(cell.text()) : quoted(cell);
  }

  private static String quoted(Cell cell) {
    String text = cell.text();
    return text == null ? "NULL" : Identifiers.literal(text);
  }

  private static String name(Column column) {
    return Identifiers.quote(column.name());
  }

  private static String name(DiffTable table) {
    return Identifiers.quote(table.schema()) + "." + Identifiers.quote(table.name());
  }

  private void comment(String text) throws IOException {
    for (String part : text.lines().toList()) {
      line("-- " + part);
    }
  }

  private void line(String text) throws IOException {
    out.write(text);
    out.write('\n');
  }
}

package dev.anabranch.server.http;

import dev.anabranch.check.diff.ChangedRow;
import dev.anabranch.check.diff.Diff;
import dev.anabranch.check.diff.DiffTable;
import dev.anabranch.check.diff.Side;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A diff as comma-separated values: a line for each row, with its key and what it was and is as
 * JSON objects. What is said of a table in words is a line of kind {@code note}.
 */
final class DiffCsv {

  private final Writer out;

  private DiffCsv(Writer out) {
    this.out = out;
  }

  static void write(Diff diff, OutputStream stream) throws IOException {
    Writer out = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
    DiffCsv csv = new DiffCsv(out);
    csv.line("table", "kind", "key", "before", "after", "units");
    for (DiffTable table : diff.tables()) {
      if (table.note().isPresent()) {
        csv.line(table.qualifiedName(), "note", "", "", table.note().get(), "");
      }
    }
    diff.rows(csv::row);
    out.flush();
  }

  private void row(DiffTable table, ChangedRow row) throws IOException {
    line(
        table.qualifiedName(),
        row.kind().word(),
        DiffJson.object(row.last(), true),
        side(row.before()),
        side(row.after()),
        row.units().stream().map(String::valueOf).collect(Collectors.joining(" ")));
  }

  private static String side(Optional<Side> side) {
    return side.map(there -> DiffJson.object(there, false)).orElse("");
  }

  private void line(String... fields) throws IOException {
    for (int i = 0; i < fields.length; i++) {
      out.write(i == 0 ? "" : ",");
      out.write(quoted(fields[i]));
    }
    out.write("\n");
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}

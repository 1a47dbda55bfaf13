package dev.anabranch.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.check.diff.ChangedRow;
import dev.anabranch.check.diff.Diff;
import dev.anabranch.check.diff.DiffTable;
import dev.anabranch.check.diff.SchemaChange;
import dev.anabranch.check.diff.Side;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** A diff as JSON, written as its rows are read. */
final class DiffJson {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  /** What is written, told as records; rows are too many to be made into some. */
  record DiffView(
      String branch,
      String forkLsn,
      String asOf,
      boolean behind,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String task,
      List<Long> landed,
      List<DiffCountsView> summary,
      List<DiffTableView> tables,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<DiffDefinitionView> schema) {}

  /** How many rows of a table are others. */
  record DiffCountsView(
      String table,
      long inserted,
      long updated,
      long deleted,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note) {}

  /** The same, with the rows. */
  record DiffTableView(
      String table,
      long inserted,
      long updated,
      long deleted,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<DiffRowView> rows) {}

  /** A row, before and after. */
  record DiffRowView(
      Map<String, String> key,
      String kind,
      @Nullable Map<String, @Nullable String> before,
      @Nullable Map<String, @Nullable String> after,
      List<Long> units) {}

  /** A definition, before and after. */
  record DiffDefinitionView(
      String object, String kind, @Nullable String before, @Nullable String after) {}

  private final JsonGenerator json;
  private final Diff diff;
  private final boolean withRows;
  private int begun;

  private DiffJson(JsonGenerator json, Diff diff, boolean withRows) {
    this.json = json;
    this.diff = diff;
    this.withRows = withRows;
  }

  static void write(Diff diff, boolean withRows, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      new DiffJson(json, diff, withRows).write();
    }
  }

  private void write() throws IOException {
    Diff.Head head = diff.head();
    json.writeStartObject();
    json.writeStringProperty("branch", head.branch().value());
    json.writeStringProperty("forkLsn", head.forkLsn().toString());
    json.writeStringProperty("asOf", head.asOf().toString());
    json.writeBooleanProperty("behind", head.behind());
    if (head.task().isPresent()) {
      json.writeStringProperty("task", head.task().get());
    }
    json.writeArrayPropertyStart("landed");
    for (long unit : new TreeSet<>(head.landed())) {
      json.writeNumber(unit);
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("summary");
    for (DiffTable table : diff.tables()) {
      json.writeStartObject();
      counts(table);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("tables");
    if (withRows) {
      diff.rows(this::row);
    }
    beginUpTo(diff.tables().size());
    endTable();
    json.writeEndArray();
    if (diff.schema().isPresent()) {
      json.writeArrayPropertyStart("schema");
      diff.schema().get().forEach(this::definition);
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void counts(DiffTable table) {
    json.writeStringProperty("table", table.qualifiedName());
    json.writeNumberProperty("inserted", table.inserted());
    json.writeNumberProperty("updated", table.updated());
    json.writeNumberProperty("deleted", table.deleted());
    if (table.note().isPresent()) {
      json.writeStringProperty("note", table.note().get());
    }
  }

  /** Tables of which no row is told stand among the others. */
  private void beginUpTo(int count) {
    while (begun < count) {
      endTable();
      json.writeStartObject();
      counts(diff.tables().get(begun));
      if (withRows) {
        json.writeArrayPropertyStart("rows");
      }
      begun++;
    }
  }

  private void endTable() {
    if (begun > 0) {
      if (withRows) {
        json.writeEndArray();
      }
      json.writeEndObject();
    }
  }

  private void row(DiffTable table, ChangedRow row) {
    while (begun == 0 || !diff.tables().get(begun - 1).equals(table)) {
      beginUpTo(begun + 1);
    }
    json.writeStartObject();
    json.writeName("key");
    json.writeStartObject();
    row.last().shape().keyColumns().forEach(column -> cell(json, column, row.last()));
    json.writeEndObject();
    json.writeStringProperty("kind", row.kind().word());
    side("before", row.before());
    side("after", row.after());
    json.writeArrayPropertyStart("units");
    row.units().forEach(json::writeNumber);
    json.writeEndArray();
    json.writeEndObject();
  }

  private void side(String name, Optional<Side> side) {
    json.writeName(name);
    if (side.isEmpty()) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    side.get().shape().columns().forEach(column -> cell(json, column, side.get()));
    json.writeEndObject();
  }

  /** A value that nobody knows is left out. */
  private static void cell(JsonGenerator json, Column column, Side side) {
    switch (side.cell(column).orElse(Cell.Absent.UNCHANGED)) {
      case Cell.Text(String value) -> json.writeStringProperty(column.name(), value);
      case Cell.Absent.NULL -> json.writeNullProperty(column.name());
      case Cell.Absent.UNCHANGED -> {}
    }
  }

  private void definition(SchemaChange change) {
    json.writeStartObject();
    json.writeStringProperty("object", change.object());
    json.writeStringProperty("kind", change.kind());
    text("before", change.before());
    text("after", change.after());
    json.writeEndObject();
  }

  private void text(String name, Optional<String> value) {
    if (value.isPresent()) {
      json.writeStringProperty(name, value.get());
    } else {
      json.writeNullProperty(name);
    }
  }

  /** The key of a row, or a side of it, as JSON on one line. */
  static String object(Side side, boolean keyOnly) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      (keyOnly ? side.shape().keyColumns() : side.shape().columns())
          .forEach(column -> cell(json, column, side));
      json.writeEndObject();
    }
    return text.toString();
  }
}

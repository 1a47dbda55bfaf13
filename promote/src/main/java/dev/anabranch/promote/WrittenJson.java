package dev.anabranch.promote;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.promote.plan.CellValue;
import dev.anabranch.promote.plan.Cells;
import dev.anabranch.promote.plan.Footing;
import dev.anabranch.promote.plan.Footing.Standing;
import dev.anabranch.promote.plan.Ground;
import dev.anabranch.promote.plan.Row;
import dev.anabranch.promote.plan.Written;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a promotion wrote, as JSON: a row is {@code {"t":table,"u":[units],"b":{cells before},"a":
 * {cells after}}}, cells by column number; an insert has no {@code b}, a delete no {@code a}.
 */
final class WrittenJson {

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private WrittenJson() {}

  /** One batch, row by row. */
  static final class Batch {

    private final StringWriter text = new StringWriter();
    private final JsonGenerator json = MAPPER.createGenerator(text);
    private boolean empty = true;

    Batch() {
      json.writeStartArray();
    }

    boolean isEmpty() {
      return empty;
    }

    void add(Written row) {
      empty = false;
      json.writeStartObject();
      json.writeNumberProperty("t", row.table().oid());
      json.writeArrayPropertyStart("u");
      row.units().forEach(json::writeNumber);
      json.writeEndArray();
      switch (row) {
        case Written.Inserted inserted -> cells("a", inserted.row());
        case Written.Updated updated -> {
          cells("b", updated.before());
          cells("a", updated.after());
        }
        case Written.Deleted deleted -> cells("b", deleted.row());
      }
      json.writeEndObject();
    }

    private void cells(String name, Row row) {
      json.writeObjectPropertyStart(name);
      row.values()
          .forEach((column, value) -> {
            json.writeName(Integer.toString(column));
            @Nullable String cell = value.cell().text();
            if (cell == null) {
              json.writeNull();
            } else {
              json.writeString(cell);
            }
          });
      json.writeEndObject();
    }

    /** How long it is, without what the generator has yet to pass on. */
    int length() {
      return text.getBuffer().length();
    }

    String end() {
      json.writeEndArray();
      json.close();
      return text.toString();
    }
  }

  static List<Written> readRows(String json) {
    List<Written> rows = new ArrayList<>();
    RowReader reader = new RowReader();
    for (JsonNode node : MAPPER.readTree(json)) {
      rows.add(reader.read(node));
    }
    return rows;
  }

  /** Rows that come together are much alike, and what is the same in them is kept once. */
  private static final class RowReader {

    private final Map<Long, TableId> tables = new HashMap<>();
    private final Map<List<Long>, List<Long>> units = new HashMap<>();
    private final Map<TableId, Cells> last = new HashMap<>();

    Written read(JsonNode node) {
      TableId table = tables.computeIfAbsent(node.get("t").asLong(), TableId::new);
      List<Long> read = new ArrayList<>();
      node.get("u").forEach(unit -> read.add(unit.asLong()));
      List<Long> of = units.computeIfAbsent(List.copyOf(read), same -> same);
      Optional<Row> before = Optional.ofNullable(node.get("b")).map(cells -> row(table, cells));
      Optional<Row> after = Optional.ofNullable(node.get("a")).map(cells -> row(table, cells));
      return before.isEmpty()
          ? new Written.Inserted(table, after.orElseThrow(), of)
          : after.isEmpty()
              ? new Written.Deleted(table, before.get(), of)
              : new Written.Updated(table, before.get(), after.get(), of);
    }

    private Row row(TableId table, JsonNode json) {
      Map<Integer, CellValue> row = new TreeMap<>();
      json.forEachEntry((column, cell) ->
          row.put(
              Integer.valueOf(column),
              CellValue.of(Cell.of(cell.isNull() ? null : cell.asString()))));
      Cells cells = Cells.of(row);
      Cells shared = cells.sharing(last.getOrDefault(table, Cells.none()));
      last.put(table, shared);
      return new Row(shared);
    }
  }

  /** Tables by units. */
  static String tables(Map<Long, Set<TableId>> byUnit) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    byUnit.forEach((unit, tables) -> {
      ArrayNode oids = json.putArray(unit.toString());
      tables.forEach(table -> oids.add(table.oid()));
    });
    return json.toString();
  }

  static String write(Footing footing) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode tables = json.putArray("tables");
    footing
        .tables()
        .forEach((id, standing) -> {
          ObjectNode table = tables.addObject().put("table", id.oid());
          table.put("schema", standing.shape().schema()).put("name", standing.shape().name());
          ArrayNode columns = table.putArray("columns");
          for (Column column : standing.shape().columns()) {
            columns
                .addObject()
                .put("number", column.number())
                .put("name", column.name())
                .put("type", column.typeOid())
                .put("modifier", column.typeModifier())
                .put("inKey", column.inKey());
          }
          standing.keyColumns().forEach(table.putArray("key")::add);
          Ground ground = footing.ground();
          ArrayNode parents = table.putArray("parents");
          ground.parents().getOrDefault(id, Set.of()).forEach(parent -> parents.add(parent.oid()));
          ground.guards().getOrDefault(id, Map.of()).forEach(table.putObject("guards")::put);
        });
    footing.ground().actsAs().ifPresent(role -> json.put("actsAs", role));
    ObjectNode paths = json.putObject("searchPaths");
    footing.searchPaths().forEach((unit, path) -> paths.put(Long.toString(unit), path));
    return MAPPER.writeValueAsString(json);
  }

  static Footing readFooting(String text) {
    JsonNode json = MAPPER.readTree(text);
    Map<TableId, Standing> tables = new HashMap<>();
    Map<TableId, Set<TableId>> parents = new HashMap<>();
    Map<TableId, Map<String, String>> guards = new HashMap<>();
    for (JsonNode table : json.get("tables")) {
      TableId id = new TableId(table.get("table").asLong());
      List<Column> columns = new ArrayList<>();
      for (JsonNode column : table.get("columns")) {
        columns.add(
            new Column(
                column.get("number").asInt(),
                column.get("name").asString(),
                column.get("type").asLong(),
                column.get("modifier").asInt(),
                column.get("inKey").asBoolean()));
      }
      List<Integer> key = new ArrayList<>();
      table.get("key").forEach(column -> key.add(column.asInt()));
      tables.put(
          id,
          new Standing(
              new TableShape(
                  id, table.get("schema").asString(), table.get("name").asString(), columns),
              key));
      Set<TableId> above = new HashSet<>();
      table.get("parents").forEach(parent -> above.add(new TableId(parent.asLong())));
      if (!above.isEmpty()) {
        parents.put(id, above);
      }
      Map<String, String> watched = new TreeMap<>();
      table.get("guards").forEachEntry((what, version) -> watched.put(what, version.asString()));
      guards.put(id, watched);
    }
    Map<Long, String> paths = new HashMap<>();
    json.get("searchPaths")
        .forEachEntry((unit, path) -> paths.put(Long.valueOf(unit), path.asString()));
    return new Footing(
        tables,
        new Ground(
            parents, guards, Optional.ofNullable(json.get("actsAs")).map(JsonNode::asString)),
        paths);
  }
}

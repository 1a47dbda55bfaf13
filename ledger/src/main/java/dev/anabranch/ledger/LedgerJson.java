package dev.anabranch.ledger;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ledger's nested values as JSON text, both ways. Field by field: the form on disk must not
 * follow a rename.
 */
final class LedgerJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES).build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private LedgerJson() {}

  static String ofOwnWrites(OwnWrites ownWrites) {
    ObjectNode node = NODES.objectNode();
    switch (ownWrites) {
      case OwnWrites.None ignored -> node.put("saw", "none");
      case OwnWrites.UpTo(long transactionId, Lsn upTo) ->
          node.put("saw", "upTo").put("transactionId", transactionId).put("upTo", upTo.toString());
      case OwnWrites.Unknown(String why) -> node.put("saw", "unknown").put("why", why);
    }
    return write(node);
  }

  static OwnWrites toOwnWrites(String json) {
    JsonNode node = read(json);
    String saw = node.get("saw").asString();
    return switch (saw) {
      case "none" -> new OwnWrites.None();
      case "upTo" ->
          new OwnWrites.UpTo(
              node.get("transactionId").asLong(), Lsn.parse(node.get("upTo").asString()));
      case "unknown" -> new OwnWrites.Unknown(node.get("why").asString());
      default -> throw new IllegalStateException("no such kind of own writes: " + saw);
    };
  }

  /** Without a tree: there are as many of these as answers. */
  static String ofParameters(List<Parameter> parameters) {
    StringBuilder json = new StringBuilder("[");
    for (Parameter parameter : parameters) {
      json.append(json.length() > 1 ? ",{" : "{")
          .append("\"type\":")
          .append(parameter.typeOid())
          .append(",\"text\":");
      put(json, parameter.text().orElse(null));
      json.append(",\"readable\":").append(parameter.readable()).append('}');
    }
    return json.append(']').toString();
  }

  static List<Parameter> toParameters(String json) {
    return each(
        read(json),
        node ->
            new Parameter(
                node.get("type").asLong(),
                Optional.ofNullable(textOf(node.get("text"))),
                node.get("readable").asBoolean()));
  }

  static String ofSettings(SortedMap<String, String> settings) {
    ObjectNode node = NODES.objectNode();
    settings.forEach(node::put);
    return write(node);
  }

  static SortedMap<String, String> toSettings(String json) {
    SortedMap<String, String> settings = new TreeMap<>();
    read(json)
        .properties()
        .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asString()));
    return settings;
  }

  static String ofColumns(List<ResultColumn> columns) {
    return list(
        columns,
        (array, column) ->
            array
                .addObject()
                .put("name", column.name())
                .put("type", column.typeOid())
                .put("table", column.tableOid())
                .put("number", column.columnNumber()));
  }

  static List<ResultColumn> toColumns(String json) {
    return each(
        read(json),
        node ->
            new ResultColumn(
                node.get("name").asString(),
                node.get("type").asLong(),
                node.get("table").asLong(),
                node.get("number").asInt()));
  }

  /** Without a tree, as {@link #ofParameters}. */
  static String ofRows(List<List<@Nullable String>> rows) {
    StringBuilder json = new StringBuilder("[");
    for (List<@Nullable String> row : rows) {
      json.append(json.length() > 1 ? ",[" : "[");
      boolean first = true;
      for (String cell : row) {
        if (!first) {
          json.append(',');
        }
        put(json, cell);
        first = false;
      }
      json.append(']');
    }
    return json.append(']').toString();
  }

  private static void put(StringBuilder json, @Nullable String text) {
    if (text == null) {
      json.append("null");
      return;
    }
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }

  static List<List<@Nullable String>> toRows(String json) {
    return each(read(json), row -> each(row, LedgerJson::textOf));
  }

  static String ofShapes(List<TableShape> shapes) {
    return list(
        shapes,
        (array, shape) -> {
          ObjectNode node = array.addObject();
          node.put("table", shape.id().oid())
              .put("schema", shape.schema())
              .put("name", shape.name());
          ArrayNode columns = node.putArray("columns");
          for (Column column : shape.columns()) {
            columns
                .addObject()
                .put("number", column.number())
                .put("name", column.name())
                .put("type", column.typeOid())
                .put("modifier", column.typeModifier())
                .put("key", column.inKey());
          }
        });
  }

  static List<TableShape> toShapes(String json) {
    return each(
        read(json),
        node ->
            new TableShape(
                new TableId(node.get("table").asLong()),
                node.get("schema").asString(),
                node.get("name").asString(),
                each(node.get("columns"), LedgerJson::toColumn)));
  }

  private static Column toColumn(JsonNode node) {
    return new Column(
        node.get("number").asInt(),
        node.get("name").asString(),
        node.get("type").asLong(),
        node.get("modifier").asInt(),
        node.get("key").asBoolean());
  }

  static String ofWrites(List<Write> writes) {
    return list(writes, (array, write) -> put(array.addObject(), write));
  }

  private static void put(ObjectNode node, Write write) {
    switch (write) {
      case Write.Insert insert -> putImage(node.put("did", "insert"), "after", insert.after());
      case Write.Update update -> {
        putImage(node.put("did", "update"), "before", update.before());
        putImage(node, "after", update.after());
      }
      case Write.Delete delete -> putImage(node.put("did", "delete"), "before", delete.before());
      case Write.Truncate ignored -> node.put("did", "truncate");
    }
    node.put("table", write.table().oid()).put("lsn", write.lsn().toString());
  }

  static List<Write> toWrites(String json) {
    return each(read(json), LedgerJson::toWrite);
  }

  private static Write toWrite(JsonNode node) {
    TableId table = new TableId(node.get("table").asLong());
    Lsn lsn = Lsn.parse(node.get("lsn").asString());
    String did = node.get("did").asString();
    return switch (did) {
      case "insert" -> new Write.Insert(table, lsn, toImage(node.get("after")));
      case "update" ->
          new Write.Update(table, lsn, toImage(node.get("before")), toImage(node.get("after")));
      case "delete" -> new Write.Delete(table, lsn, toImage(node.get("before")));
      case "truncate" -> new Write.Truncate(table, lsn);
      default -> throw new IllegalStateException("no such kind of write: " + did);
    };
  }

  /**
   * An array of texts; null for NULL, and false (which no text can be) for a value that was not
   * logged.
   */
  private static void putImage(ObjectNode node, String field, Image image) {
    ArrayNode array = node.putArray(field);
    for (Cell cell : image.cells()) {
      switch (cell) {
        case Cell.Text(String value) -> array.add(value);
        case Cell.Absent.NULL -> array.addNull();
        case Cell.Absent.UNCHANGED -> array.add(false);
      }
    }
  }

  private static Image toImage(JsonNode array) {
    return new Image(
        each(array, node -> node.isBoolean() ? Cell.Absent.UNCHANGED : Cell.of(textOf(node))));
  }

  private static @Nullable String textOf(JsonNode node) {
    return node.isNull() ? null : node.asString();
  }

  private static <T extends @Nullable Object> String list(
      List<T> values, BiConsumer<ArrayNode, T> put) {
    ArrayNode array = NODES.arrayNode();
    values.forEach(value -> put.accept(array, value));
    return write(array);
  }

  private static <T extends @Nullable Object> List<T> each(
      JsonNode array, Function<JsonNode, T> read) {
    List<T> values = new ArrayList<>(array.size());
    array.forEach(node -> values.add(read.apply(node)));
    return values;
  }

  private static String write(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  private static JsonNode read(String json) {
    return MAPPER.readTree(json);
  }
}

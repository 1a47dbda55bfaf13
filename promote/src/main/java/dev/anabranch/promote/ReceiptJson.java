package dev.anabranch.promote;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.promote.plan.Renumbering;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Receipts and renumberings as JSON. A receipt's fields are the record's: people read them, so they
 * are an interface.
 */
final class ReceiptJson {

  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ReceiptJson() {}

  static String write(Receipt receipt) {
    return MAPPER.writeValueAsString(receipt);
  }

  static Receipt read(String json) {
    return MAPPER.readValue(json, Receipt.class);
  }

  static String write(List<Renumbering> renumberings) {
    ArrayNode all = NODES.arrayNode();
    for (Renumbering renumbering : renumberings) {
      var node = all.addObject().put("table", renumbering.table().oid());
      renumbering.keyColumns().forEach(node.putArray("keyColumns")::add);
      ArrayNode keys = node.putArray("keys");
      renumbering
          .keys()
          .forEach((from, to) -> {
            ArrayNode pair = keys.addArray();
            from.values().forEach(pair.addArray()::add);
            to.values().forEach(pair.addArray()::add);
          });
    }
    return MAPPER.writeValueAsString(all);
  }

  static List<Renumbering> readRenumberings(String json) {
    List<Renumbering> renumberings = new ArrayList<>();
    for (JsonNode node : MAPPER.readTree(json)) {
      List<Integer> columns = new ArrayList<>();
      node.get("keyColumns").forEach(column -> columns.add(column.asInt()));
      Map<Key, Key> keys = new LinkedHashMap<>();
      node.get("keys").forEach(pair -> keys.put(key(pair.get(0)), key(pair.get(1))));
      renumberings.add(new Renumbering(new TableId(node.get("table").asLong()), columns, keys));
    }
    return renumberings;
  }

  private static Key key(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.asString()));
    return new Key(texts);
  }
}

package dev.anabranch.promote.merge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON values as jsonb writes them. */
final class JsonText {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** The order of jsonb's keys: shorter ones first, then byte by byte. */
  static final Comparator<String> KEYS =
      (one, other) -> {
        byte[] a = one.getBytes(StandardCharsets.UTF_8);
        byte[] b = other.getBytes(StandardCharsets.UTF_8);
        return a.length != b.length
            ? Integer.compare(a.length, b.length)
            : Arrays.compareUnsigned(a, b);
      };

  private JsonText() {}

  static Optional<JsonNode> read(String text) {
    try {
      return Optional.of(MAPPER.readTree(text));
    } catch (JacksonException e) {
      // Deeper or longer than is read here: the cell stays a conflict.
      return Optional.empty();
    }
  }

  /** What an array holds, each value as jsonb writes it; empty for what is none. */
  static Optional<List<String>> elements(String text) {
    return read(text)
        .filter(JsonNode::isArray)
        .flatMap(array -> {
          List<String> elements = new ArrayList<>();
          for (JsonNode element : array) {
            // A number has many texts, and a null is no member.
            if (element.isBigDecimal() || element.isNull() || element.isContainer()) {
              return Optional.<List<String>>empty();
            }
            elements.add(write(element));
          }
          return Optional.of(elements);
        });
  }

  static String write(JsonNode node) {
    StringBuilder text = new StringBuilder();
    write(node, text);
    return text.toString();
  }

  private static void write(JsonNode node, StringBuilder text) {
    if (node.isObject()) {
      List<String> keys = new ArrayList<>(node.propertyNames());
      keys.sort(KEYS);
      text.append('{');
      for (int i = 0; i < keys.size(); i++) {
        text.append(i == 0 ? "" : ", ");
        string(keys.get(i), text);
        text.append(": ");
        write(node.path(keys.get(i)), text);
      }
      text.append('}');
    } else if (node.isArray()) {
      text.append('[');
      for (int i = 0; i < node.size(); i++) {
        text.append(i == 0 ? "" : ", ");
        write(node.path(i), text);
      }
      text.append(']');
    } else if (node.isString()) {
      string(node.stringValue(), text);
    } else if (node.isNumber()) {
      text.append(node.decimalValue().toPlainString());
    } else {
      text.append(node.isNull() ? "null" : Boolean.toString(node.booleanValue()));
    }
  }

  private static void string(String value, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char character = value.charAt(i);
      switch (character) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (character < ' ') {
            text.append("\\u%04x".formatted((int) character));
          } else {
            text.append(character);
          }
        }
      }
    }
    text.append('"');
  }
}

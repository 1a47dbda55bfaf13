package dev.anabranch.server.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The JSON Schemas of records, under the names that clients know them by. Which field may be null
 * is read from {@link Nullable}; what is to be said of one comes from {@link ApiWords}.
 */
final class JsonSchemas {

  /** A record's view is called what it shows. */
  private static final String VIEW = "View";

  /** Names that clients were given before, and that a record's own does not make. */
  private static final Map<String, String> GIVEN =
      Map.of("JudgedView", "JudgedAnswer", "ReceiptView", "ReceiptSummary", "Parts", "PlanParts");

  private static final Map<Class<?>, String> PLAIN =
      Map.of(
          String.class, "string",
          boolean.class, "boolean",
          Boolean.class, "boolean",
          int.class, "integer",
          Integer.class, "integer",
          long.class, "integer",
          Long.class, "integer",
          double.class, "number",
          Double.class, "number",
          BigDecimal.class, "number");

  /** Those that are written as null when they are empty, and as what when not. */
  private static final Map<Class<?>, String> EMPTY =
      Map.of(Optional.class, "", OptionalInt.class, "integer", OptionalLong.class, "integer");

  private final Map<String, Class<?>> known = new TreeMap<>();
  private final Map<String, Object> schemas = new TreeMap<>();

  /** Those that were referred to, by name. */
  Map<String, Object> all() {
    return schemas;
  }

  /** A reference to a record's schema. */
  Map<String, Object> of(Class<?> type) {
    return reference(type, false);
  }

  /** The same of a body, of which all fields are known. */
  Map<String, Object> ofBody(Class<? extends Record> type) {
    return reference(type, true);
  }

  /** Whether a body of none of its fields would be refused. */
  static boolean hasRequired(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).anyMatch(JsonSchemas::isRequired);
  }

  private Map<String, Object> reference(Class<?> type, boolean closed) {
    String name = name(type);
    Class<?> other = known.putIfAbsent(name, type);
    if (other == null) {
      schemas.put(name, schema(name, type, closed));
    } else if (!other.equals(type)) {
      throw new IllegalStateException(type + " and " + other + " would both be called " + name);
    }
    return Map.of("$ref", "#/components/schemas/" + name);
  }

  private static String name(Class<?> type) {
    String simple = type.getSimpleName();
    String plain =
        simple.endsWith(VIEW) ? simple.substring(0, simple.length() - VIEW.length()) : simple;
    return GIVEN.getOrDefault(simple, plain);
  }

  private Map<String, Object> schema(String name, Class<?> type, boolean closed) {
    Map<String, Object> schema = new LinkedHashMap<>();
    ApiWords.of(name).ifPresent(words -> schema.put("description", words));
    RecordComponent[] components = type.getRecordComponents();
    if (components.length == 1
        && components[0].getAccessor().isAnnotationPresent(JsonValue.class)) {
      schema.putAll(schema(components[0].getAnnotatedType()));
      return schema;
    }
    schema.put("type", "object");
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RecordComponent component : components) {
      String field = ApiBodies.field(component);
      properties.put(field, property(name, field, component));
      if (isRequired(component) || (!closed && isAlwaysThere(component))) {
        required.add(field);
      }
    }
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (closed) {
      schema.put("additionalProperties", false);
    }
    return schema;
  }

  private static boolean isRequired(RecordComponent component) {
    return isAlwaysThere(component) && !isNullable(component.getAnnotatedType());
  }

  private static boolean isAlwaysThere(RecordComponent component) {
    return !component.getAccessor().isAnnotationPresent(JsonInclude.class);
  }

  private Map<String, Object> property(String record, String field, RecordComponent component) {
    Map<String, Object> schema = new LinkedHashMap<>();
    String place = record + "." + field;
    ApiWords.of(place).ifPresent(words -> schema.put("description", words));
    schema.putAll(
        isAlwaysThere(component)
            ? schema(component.getAnnotatedType())
            : withoutNull(component.getAnnotatedType()));
    ApiWords.format(place).ifPresent(format -> schema.put("format", format));
    ApiWords.example(place).ifPresent(example -> schema.put("examples", List.of(example)));
    ApiWords.values(place).ifPresent(words -> restrict(schema, words));
    return schema;
  }

  /** To these words: a text, or the texts of a list. */
  private static void restrict(Map<String, Object> schema, List<String> words) {
    if ("array".equals(schema.get("type"))) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("type", "string");
      item.put("enum", words);
      schema.put("items", item);
    } else {
      List<@Nullable String> values = new ArrayList<>(words);
      if (!"string".equals(schema.get("type"))) {
        values.add(null);
      }
      schema.put("enum", values);
    }
  }

  private Map<String, Object> schema(AnnotatedType type) {
    Map<String, Object> schema = withoutNull(type);
    return isNullable(type) ? orNull(schema) : schema;
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class) || EMPTY.containsKey(raw(type.getType()));
  }

  private static Map<String, Object> orNull(Map<String, Object> schema) {
    Map<String, Object> either = new LinkedHashMap<>(schema);
    Object type = schema.get("type");
    if (type != null) {
      either.put("type", List.of(type, "null"));
    } else if (schema.containsKey("$ref")) {
      either.clear();
      either.put("anyOf", List.of(schema, Map.of("type", "null")));
    }
    return either;
  }

  private Map<String, Object> withoutNull(AnnotatedType type) {
    Class<?> raw = raw(type.getType());
    Map<String, Object> schema = new LinkedHashMap<>();
    if (raw.equals(Optional.class)) {
      schema.putAll(withoutNull(argument(type, 0)));
    } else if (EMPTY.containsKey(raw)) {
      schema.put("type", EMPTY.get(raw));
    } else if (Collection.class.isAssignableFrom(raw)) {
      schema.put("type", "array");
      schema.put("items", schema(argument(type, 0)));
    } else if (Map.class.isAssignableFrom(raw)) {
      schema.put("type", "object");
      schema.put("additionalProperties", schema(argument(type, 1)));
    } else if (raw.isRecord()) {
      schema.putAll(of(raw));
    } else if (raw.equals(Instant.class)) {
      schema.put("type", "string");
      schema.put("format", "date-time");
    } else if (raw.isEnum()) {
      schema.put("type", "string");
      schema.put(
          "enum", Stream.of(requireNonNull(raw.getEnumConstants())).map(Object::toString).toList());
    } else if (!raw.equals(Object.class) && !JsonNode.class.isAssignableFrom(raw)) {
      schema.put("type", plain(raw));
    }
    return schema;
  }

  private static String plain(Class<?> type) {
    String plain = PLAIN.get(type);
    if (plain == null) {
      throw new IllegalStateException("no JSON Schema is known for " + type);
    }
    return plain;
  }

  private static AnnotatedType argument(AnnotatedType type, int index) {
    return ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[index];
  }

  private static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> (Class<?>) generic.getRawType();
      default -> throw new IllegalStateException("no JSON Schema is known for " + type);
    };
  }
}

package dev.anabranch.server.http;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The OpenAPI document, held against what a server answers: the status, the media type, and that
 * the JSON has every field that is required, none that is not told, and values of the types told.
 */
final class Contract {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode document = JSON.readTree(ApiJson.json(OpenApi.of(ApiRoutes.all())));

  /** What is wrong with an answer, one line each. */
  List<String> violations(String method, HttpResponse<String> response) {
    String path = response.uri().getPath();
    JsonNode operation = operation(method, path);
    if (operation.isMissingNode()) {
      return response.statusCode() == 404 ? List.of() : List.of("no route is told for " + path);
    }
    JsonNode told = operation.path("responses").path(Integer.toString(response.statusCode()));
    if (told.isMissingNode() && response.statusCode() >= 400) {
      told = operation.path("responses").path("default");
    }
    String type = response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
    JsonNode schema = told.path("content").path(type).path("schema");
    if (schema.isMissingNode()) {
      return List.of(response.statusCode() + " with " + type + " is not told for " + path);
    }
    return type.endsWith("json") ? violations(schema, response.body()) : List.of();
  }

  List<String> violations(String schema, String json) {
    return violations(document.at("/components/schemas/" + schema), json);
  }

  private List<String> violations(JsonNode schema, String json) {
    List<String> violations = new ArrayList<>();
    hold(JSON.readTree(json), schema, "$", violations);
    return violations;
  }

  private JsonNode operation(String method, String path) {
    for (Map.Entry<String, JsonNode> route : document.path("paths").properties()) {
      String pattern = Pattern.compile("\\{\\w+}").matcher(route.getKey()).replaceAll("[^/]+");
      if (path.matches(pattern) && route.getValue().has(method.toLowerCase(Locale.ROOT))) {
        return route.getValue().get(method.toLowerCase(Locale.ROOT));
      }
    }
    return document.path("nothing");
  }

  private void hold(JsonNode value, JsonNode schema, String at, List<String> violations) {
    if (schema.has("$ref")) {
      hold(value, document.at(schema.get("$ref").asString().substring(1)), at, violations);
      return;
    }
    for (String choice : List.of("anyOf", "oneOf")) {
      if (schema.has(choice)) {
        holdOne(value, schema.get(choice), at, violations);
        return;
      }
    }
    if (schema.has("type") && !isOneOf(types(schema.get("type")), type(value))) {
      violations.add(at + " is " + type(value) + ", not " + schema.get("type"));
      return;
    }
    if (schema.has("enum") && !schema.get("enum").valueStream().toList().contains(value)) {
      violations.add(at + " is " + value + ", not one of " + schema.get("enum"));
    }
    if (value.isArray()) {
      value.forEach(item -> hold(item, schema.path("items"), at + "[]", violations));
    } else if (value.isObject()) {
      holdFields(value, schema, at, violations);
    }
  }

  private void holdOne(JsonNode value, JsonNode choices, String at, List<String> violations) {
    List<String> first = new ArrayList<>();
    for (JsonNode choice : choices) {
      List<String> found = new ArrayList<>();
      hold(value, choice, at, found);
      if (found.isEmpty()) {
        return;
      }
      first.addAll(found);
    }
    violations.addAll(first);
  }

  private void holdFields(JsonNode value, JsonNode schema, String at, List<String> violations) {
    for (JsonNode field : schema.path("required")) {
      if (!value.has(field.asString())) {
        violations.add(at + "." + field.asString() + " is missing");
      }
    }
    JsonNode others = schema.path("additionalProperties");
    value
        .properties()
        .forEach(field -> {
          String place = at + "." + field.getKey();
          JsonNode told = schema.path("properties").path(field.getKey());
          if (!told.isMissingNode()) {
            hold(field.getValue(), told, place, violations);
          } else if (others.isObject()) {
            hold(field.getValue(), others, place, violations);
          } else if (schema.has("properties")) {
            violations.add(place + " is not told");
          }
        });
  }

  /** An integer is a number, too. */
  private static boolean isOneOf(List<String> types, String type) {
    return types.contains(type) || (type.equals("integer") && types.contains("number"));
  }

  private static List<String> types(JsonNode type) {
    return type.isArray()
        ? type.valueStream().map(JsonNode::asString).toList()
        : List.of(type.asString());
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "array";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case OBJECT, POJO -> "object";
      case STRING, BINARY -> "string";
      case MISSING -> "missing";
    };
  }
}

package dev.anabranch.server.http;

import dev.anabranch.server.http.ApiJson.ProblemView;
import dev.anabranch.server.http.ApiRoute.Outcome;
import dev.anabranch.server.http.ApiRoute.Query;
import dev.anabranch.server.http.ApiRoute.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The OpenAPI document, written from the routes and from the records that go in and come out. */
final class OpenApi {

  private static final Pattern IN_PATH = Pattern.compile("\\{(\\w+)}");

  private final JsonSchemas schemas = new JsonSchemas();

  private OpenApi() {}

  /** The document, ready to be written as JSON. */
  static Map<String, Object> of(List<ApiRoute> routes) {
    return new OpenApi().document(routes);
  }

  private Map<String, Object> document(List<ApiRoute> routes) {
    Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
    for (ApiRoute route : routes) {
      paths
          .computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
          .put(route.method().toLowerCase(Locale.ROOT), operation(route));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put("info", info());
    document.put("security", List.of(Map.of(), Map.of("token", List.of())));
    document.put("paths", paths);
    document.put("components", components());
    return document;
  }

  private static Map<String, Object> info() {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("title", "Anabranch");
    info.put("version", "0.1.0");
    info.put(
        "description",
        "Branches of a live Postgres that know which of their answers are still true.");
    return info;
  }

  private Map<String, Object> components() {
    Map<String, Object> token = new LinkedHashMap<>();
    token.put("type", "http");
    token.put("scheme", "bearer");
    token.put(
        "description",
        "A token of `anabranch token create`, or ANABRANCH_TOKEN of the server; not wanted of a"
            + " server that was started with --open");
    Map<String, Object> components = new LinkedHashMap<>();
    components.put("securitySchemes", Map.of("token", token));
    components.put("schemas", schemas.all());
    return components;
  }

  private Map<String, Object> operation(ApiRoute route) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("summary", route.summary());
    if (!route.description().isEmpty()) {
      operation.put("description", route.description());
    }
    List<Object> parameters = new ArrayList<>();
    IN_PATH.matcher(route.path()).results().map(OpenApi::inPath).forEach(parameters::add);
    route.query().stream().map(OpenApi::inQuery).forEach(parameters::add);
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    route.body().ifPresent(body -> operation.put("requestBody", requestBody(body)));
    operation.put("responses", responses(route));
    if (route.open()) {
      operation.put("security", List.of(Map.of()));
    }
    return operation;
  }

  private static Map<String, Object> inPath(MatchResult match) {
    Map<String, Object> parameter = new LinkedHashMap<>();
    parameter.put("name", match.group(1));
    parameter.put("in", "path");
    parameter.put("required", true);
    parameter.put("schema", Map.of("type", "string"));
    return parameter;
  }

  private static Map<String, Object> inQuery(Query query) {
    Map<String, Object> parameter = new LinkedHashMap<>();
    parameter.put("name", query.name());
    parameter.put("in", "query");
    parameter.put("required", false);
    parameter.put("description", query.description());
    parameter.put("schema", query.schema());
    return parameter;
  }

  private Map<String, Object> requestBody(Class<? extends Record> fields) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("required", JsonSchemas.hasRequired(fields));
    body.put("content", Map.of(Outcome.JSON, Map.of("schema", schemas.ofBody(fields))));
    return body;
  }

  private Map<String, Object> responses(ApiRoute route) {
    Map<String, Object> responses = new LinkedHashMap<>();
    for (Outcome outcome : route.outcomes()) {
      responses.put(Integer.toString(outcome.status()), done(outcome));
    }
    route.refusals().forEach(status -> responses.put(status.toString(), failure()));
    responses.put("default", failure());
    return responses;
  }

  private Map<String, Object> done(Outcome outcome) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("description", outcome.description());
    if (!outcome.headers().isEmpty()) {
      Map<String, Object> headers = new LinkedHashMap<>();
      outcome.headers().forEach((name, says) -> headers.put(name, header(says)));
      response.put("headers", headers);
    }
    Map<String, Object> content = new LinkedHashMap<>();
    outcome.content().forEach((type, shape) -> content.put(type, Map.of("schema", schema(shape))));
    response.put("content", content);
    return response;
  }

  private static Map<String, Object> header(String says) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("description", says);
    header.put("schema", Map.of("type", "string"));
    return header;
  }

  private Map<String, Object> failure() {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("description", "A failure, with its number and one clear sentence");
    response.put(
        "content",
        Map.of("application/problem+json", Map.of("schema", schemas.of(ProblemView.class))));
    return response;
  }

  private Map<String, Object> schema(Shape shape) {
    Map<String, Object> schema = new LinkedHashMap<>();
    switch (shape) {
      case Shape.One(Class<?> view) -> schema.putAll(schemas.of(view));
      case Shape.Each(Class<?> view) -> {
        schema.put("type", "array");
        schema.put("items", schemas.of(view));
      }
      case Shape.Either(String description, List<Shape> shapes) -> {
        schema.put("description", description);
        schema.put("oneOf", shapes.stream().map(this::schema).toList());
      }
      case Shape.Plain.TEXT -> schema.put("type", "string");
      case Shape.Plain.OBJECT -> schema.put("type", "object");
    }
    return schema;
  }
}

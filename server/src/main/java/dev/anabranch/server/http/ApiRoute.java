package dev.anabranch.server.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One route as the OpenAPI document tells it: what it is for, what it takes, what it gives, and how
 * it is refused. {@link ApiRoutes} lists them all.
 *
 * @param name {@code METHOD path}, as {@link HttpServer} wires it
 * @param summary what it does, in a line
 * @param description more of that; may be empty
 * @param query the parameters in its query
 * @param body the record whose components are the fields of its body, if it takes one
 * @param open whether nobody needs a token for it
 * @param outcomes what comes back when it is done, by status
 * @param refusals the HTTP statuses of its failures
 */
record ApiRoute(
    String name,
    String summary,
    String description,
    List<Query> query,
    Optional<Class<? extends Record>> body,
    boolean open,
    List<Outcome> outcomes,
    List<Integer> refusals) {

  private static final int OK = 200;
  private static final int INVALID = 400;
  private static final int UNKNOWN = 404;

  ApiRoute {
    query = List.copyOf(query);
    outcomes = List.copyOf(outcomes);
    refusals = List.copyOf(refusals);
  }

  /** One that takes nothing; what has a path parameter may be about nothing there is. */
  static ApiRoute route(String name, String summary) {
    List<Integer> refusals = name.contains("{") ? List.of(UNKNOWN) : List.of();
    return new ApiRoute(name, summary, "", List.of(), Optional.empty(), false, List.of(), refusals);
  }

  String method() {
    return name.substring(0, name.indexOf(' '));
  }

  String path() {
    return name.substring(name.indexOf(' ') + 1);
  }

  ApiRoute told(String more) {
    return new ApiRoute(name, summary, more, query, body, open, outcomes, refusals);
  }

  /** What can be wrong with a query is refused as invalid. */
  ApiRoute asks(Query... parameters) {
    return new ApiRoute(
            name, summary, description, List.of(parameters), body, open, outcomes, refusals)
        .refuses(INVALID);
  }

  /** What can be wrong with a body is refused as invalid. */
  ApiRoute takes(Class<? extends Record> fields) {
    return new ApiRoute(
            name, summary, description, query, Optional.of(fields), open, outcomes, refusals)
        .refuses(INVALID);
  }

  ApiRoute gives(Class<?> view) {
    return gives(OK, view);
  }

  ApiRoute gives(int status, Class<?> view) {
    return gives(new Outcome(status, "Done", view));
  }

  ApiRoute givesEach(Class<?> view) {
    return gives(new Outcome(OK, "Done", Map.of(Outcome.JSON, new Shape.Each(view))));
  }

  /** May be said again, for another status. */
  ApiRoute gives(Outcome what) {
    List<Outcome> all = new ArrayList<>(outcomes);
    all.add(what);
    return new ApiRoute(name, summary, description, query, body, open, all, refusals);
  }

  ApiRoute openToAll() {
    return new ApiRoute(name, summary, description, query, body, true, outcomes, refusals);
  }

  ApiRoute refuses(Integer... statuses) {
    List<Integer> all = new ArrayList<>(refusals);
    all.addAll(List.of(statuses));
    List<Integer> sorted = all.stream().distinct().sorted().toList();
    return new ApiRoute(name, summary, description, query, body, open, outcomes, sorted);
  }

  /**
   * A parameter in the query.
   *
   * @param schema its JSON Schema
   */
  record Query(String name, String description, Map<String, Object> schema) {

    static Query flag(String name, String description) {
      return new Query(name, description, schema("type", "boolean", "default", false));
    }

    static Query text(String name, String description) {
      return new Query(name, description, schema("type", "string"));
    }

    static Query text(String name, String description, String example) {
      return new Query(name, description, schema("type", "string", "examples", List.of(example)));
    }

    static Query number(String name, String description) {
      return new Query(name, description, schema("type", "integer"));
    }

    static Query number(String name, String description, int least, int most) {
      return new Query(
          name, description, schema("type", "integer", "minimum", least, "maximum", most));
    }

    static Query oneOf(String name, String description, List<String> words) {
      return new Query(name, description, schema("type", "string", "enum", words));
    }

    /** One that may be given more than once. */
    static Query anyOf(String name, String description, List<String> words) {
      return new Query(
          name,
          description,
          schema("type", "array", "items", schema("type", "string", "enum", words)));
    }

    private static Map<String, Object> schema(Object... keysAndValues) {
      Map<String, Object> schema = new LinkedHashMap<>();
      for (int i = 0; i < keysAndValues.length; i += 2) {
        schema.put((String) keysAndValues[i], keysAndValues[i + 1]);
      }
      return schema;
    }
  }

  /**
   * What comes back when it is done.
   *
   * @param content media type to what it has
   * @param headers those worth telling, name to what they say
   */
  record Outcome(
      int status, String description, Map<String, Shape> content, Map<String, String> headers) {

    static final String JSON = "application/json";

    /** The JSON of a view. */
    Outcome(int status, String description, Class<?> view) {
      this(status, description, Map.of(JSON, new Shape.One(view)));
    }

    Outcome(int status, String description, Map<String, Shape> content) {
      this(status, description, content, Map.of());
    }
  }

  /** What an answer holds. */
  sealed interface Shape {

    /** A record, told by its components. */
    record One(Class<?> view) implements Shape {}

    /** A list of them. */
    record Each(Class<?> view) implements Shape {}

    /** One shape or another. */
    record Either(String description, List<Shape> shapes) implements Shape {}

    /** What no record tells. */
    enum Plain implements Shape {
      TEXT,
      OBJECT
    }
  }
}

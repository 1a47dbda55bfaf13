package dev.anabranch.trials.stories;

import dev.anabranch.trials.drive.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a story says of checks of the users' own, put into a request and compared with what came.
 *
 * @param own what the story says
 * @param schema the story's
 */
record OwnChecksTold(Chapter.OwnChecks own, String schema) {

  /** A query of a story, about its own tables. */
  static String in(String schema, String query) {
    return query.replace("schema.", schema + ".");
  }

  void into(ObjectNode body) {
    if (!own.given().isEmpty()) {
      ArrayNode checks = body.putArray("checks");
      for (String given : own.given()) {
        int equals = given.indexOf(" = ");
        checks
            .addObject()
            .put("name", given.substring(0, equals))
            .put("sql", in(schema, given.substring(equals + 3)));
      }
    }
    if (!own.skipped().isEmpty()) {
      ArrayNode skipped = body.putArray("skipChecks");
      own.skipped().forEach(skipped::add);
    }
  }

  /** Whether the request is expected to be refused as such. */
  boolean isMistake() {
    return own.error().isPresent();
  }

  Optional<String> mistake(Runnable request) {
    String code = own.error().orElseThrow();
    try {
      request.run();
      return Optional.of("it should be " + code + " and was done");
    } catch (Product.Refused e) {
      return String.valueOf(e.getMessage()).contains(code)
          ? Optional.empty()
          : Optional.of("it should be " + code + " and is " + e.getMessage());
    }
  }

  Optional<String> difference(JsonNode promotion) {
    if (own.told().isEmpty()) {
      return Optional.empty();
    }
    Set<String> found = new TreeSet<>();
    for (JsonNode check : promotion.get("checks")) {
      List<String> rows = new ArrayList<>();
      for (JsonNode row : check.get("rows")) {
        List<String> cells = new ArrayList<>();
        row.forEach(cell -> cells.add(cell.isNull() ? "NULL" : cell.asString()));
        rows.add(String.join(", ", cells));
      }
      found.add(
          (check.get("name").asString()
                  + " "
                  + check.get("outcome").asString()
                  + " "
                  + String.join("; ", rows))
              .strip());
    }
    Set<String> expected = new TreeSet<>(own.told().get());
    return expected.equals(found)
        ? Optional.empty()
        : Optional.of("checks: should be " + expected + " and are " + promotion.get("checks"));
  }
}

package dev.anabranch.trials.stories;

import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** When answers can be others by the clock alone, as stories tell it and as a check does. */
final class FlipsTold {

  private FlipsTold() {}

  /**
   * @param flips each with the label of an answer, as {@link Chapter.Flips} has them
   * @param main where queries for moments are asked
   * @return what a check tells otherwise
   */
  static List<String> differences(JsonNode check, List<String> flips, Connection main)
      throws SQLException {
    Map<String, String> told = told(check);
    List<String> differences = new ArrayList<>();
    for (String flip : flips) {
      int colon = flip.indexOf(':');
      String label = flip.substring(0, colon);
      String expected = flip.substring(colon + 1).strip();
      String found = told.getOrDefault(label, "not in the report");
      boolean same =
          switch (expected) {
            case "never" -> found.equals("never");
            case "any moment" -> isMoment(found) && !Instant.parse(found).isAfter(Instant.now());
            default -> isMoment(found) && Instant.parse(found).equals(moment(main, expected));
          };
      if (!same) {
        differences.add(label + " should flip at " + expected + " and does at " + found);
      }
    }
    return differences;
  }

  private static boolean isMoment(String found) {
    return found.endsWith("Z");
  }

  private static Map<String, String> told(JsonNode check) {
    Map<Long, String> flips = new HashMap<>();
    check
        .get("answers")
        .forEach(answer ->
            flips.put(answer.get("id").asLong(), answer.path("nextFlip").asString("never")));
    Map<String, String> told = new HashMap<>();
    for (Verdicts.Entry entry : Verdicts.of(check).answers()) {
      told.put(entry.label(), flips.getOrDefault(entry.id(), "never"));
    }
    return told;
  }

  private static Instant moment(Connection main, String query) throws SQLException {
    String text =
        Sql.ask(
                main,
                "SELECT to_char(("
                    + query
                    + ")::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
            .inWords();
    return Instant.parse(text);
  }
}

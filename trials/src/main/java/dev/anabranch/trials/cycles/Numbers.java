package dev.anabranch.trials.cycles;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which row of one database each drawn number names: rows carry tags that a program chose. */
final class Numbers {

  private final Map<String, String> tags = new HashMap<>();

  void learn(Contents contents) {
    for (String table : List.of("ord", "booking")) {
      for (Map<String, String> row : contents.tables().getOrDefault(table, List.of())) {
        tags.put(table + " " + row.get("id"), String.valueOf(row.get("tag")));
      }
    }
  }

  /** A cell as it is compared. */
  String word(String table, String column, String text) {
    String name = table + "." + column;
    if (Shop.UNFORESEEN.contains(name)) {
      return "*";
    }
    String drawn = Shop.DRAWN.get(name);
    return drawn == null ? text : named(drawn, text);
  }

  /** The row that a number names, or the number itself. */
  String named(String table, String number) {
    String tag = tags.get(table + " " + number);
    return tag == null ? number : "#" + tag;
  }
}

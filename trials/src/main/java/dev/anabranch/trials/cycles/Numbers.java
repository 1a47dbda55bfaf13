package dev.anabranch.trials.cycles;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which row of one database each drawn number names: rows carry tags that a program chose. */
final class Numbers {

  private final Map<String, String> tags = new HashMap<>();

  /** What programs remember of rows that they were told the numbers of. */
  private final Map<String, Told> remembered = new HashMap<>();

  private record Told(String table, String number) {}

  /** A program remembers a number of a row under a name. */
  void remember(String name, String table, String number) {
    remembered.put(name, new Told(table, number));
  }

  /** The same names for the same rows, by their numbers in another database. */
  Map<String, String> remembered(Numbers other) {
    Map<String, String> numbers = new HashMap<>();
    remembered.forEach((name, told) -> {
      String tag = named(told.table(), told.number());
      other.tags.forEach((row, its) -> {
        if (row.startsWith(told.table() + " ") && tag.equals("#" + its)) {
          numbers.put(name, row.substring(told.table().length() + 1));
        }
      });
    });
    return numbers;
  }

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

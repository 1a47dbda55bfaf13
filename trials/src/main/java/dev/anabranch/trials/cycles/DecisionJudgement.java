package dev.anabranch.trials.cycles;

import dev.anabranch.trials.cycles.Aftermath.Decided;
import dev.anabranch.trials.cycles.MainState.RowId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What decided facts should leave on main, worked out from the facts as they were shown. */
final class DecisionJudgement {

  private final MainState before;
  private final MainState after;
  private final JsonNode receipt;

  /**
   * @param receipt of the promotion between them
   */
  DecisionJudgement(MainState before, MainState after, JsonNode receipt) {
    this.before = before;
    this.after = after;
    this.receipt = receipt;
  }

  /** What is wrong with main after it. */
  List<String> wrongs(List<Decided> decided) {
    List<String> wrongs = new ArrayList<>(unnamed());
    Set<Long> landed = numbers(receipt.path("landed"));
    for (Decided one : decided) {
      Set<Long> units = numbers(one.fact().path("units"));
      boolean all = landed.containsAll(units);
      if (one.choice().equals("drop") && units.stream().anyMatch(landed::contains)) {
        wrongs.add("a dropped unit has landed: " + one.fact());
      }
      if (all && one.fact().path("kind").asString().equals("conflict")) {
        cells(one, wrongs);
      }
    }
    return wrongs;
  }

  /** Each row that is another is named in the receipt, so nothing else was written. */
  private List<String> unnamed() {
    Set<RowId> named = new TreeSet<>();
    for (JsonNode table : receipt.path("tables")) {
      for (String kind : List.of("insertedKeys", "updatedKeys", "deletedKeys")) {
        table.path(kind).forEach(key -> named.add(row(table, key)));
      }
    }
    List<String> wrongs = new ArrayList<>();
    // A key that moved is in the receipt as it was before.
    Set<String> moved = new TreeSet<>();
    named.forEach(row -> {
      if (before.row(row).isPresent() && after.row(row).isEmpty()) {
        moved.add(row.table());
      }
    });
    for (RowId row : before.differing(after)) {
      if (!named.contains(row) && !moved.contains(row.table())) {
        wrongs.add(row + " is another than before, and the receipt does not name it");
      }
    }
    return wrongs;
  }

  private static RowId row(JsonNode table, JsonNode key) {
    Map<String, String> cells = new TreeMap<>();
    for (int i = 0; i < table.path("keyColumns").size(); i++) {
      cells.put(table.path("keyColumns").get(i).asString(), key.get(i).asString());
    }
    return new RowId(table.path("table").asString(), cells);
  }

  private void cells(Decided one, List<String> wrongs) {
    Map<String, String> key = new TreeMap<>();
    one.fact()
        .path("key")
        .properties()
        .forEach(cell -> key.put(cell.getKey(), cell.getValue().asString()));
    RowId row = new RowId(one.fact().path("table").asString(), key);
    Optional<Map<String, @Nullable String>> now = after.row(row);
    if (one.choice().equals("main")) {
      if (!now.equals(before.row(row)) && now.isPresent() && before.row(row).isPresent()) {
        one.fact()
            .path("main")
            .properties()
            .forEach(cell ->
                differs(
                    row + " was to stay main's",
                    cell.getKey(),
                    before.row(row).orElseThrow().get(cell.getKey()),
                    now.get().get(cell.getKey()),
                    wrongs));
      }
      return;
    }
    JsonNode side = one.choice().equals("value") ? one.value() : one.fact().path("branch");
    if (side.isObject() && now.isPresent()) {
      side.properties()
          .forEach(cell -> {
            if (now.get().containsKey(cell.getKey())) {
              differs(
                  row + " was decided as " + one.choice(),
                  cell.getKey(),
                  cell.getValue().isNull() ? null : cell.getValue().asString(),
                  now.get().get(cell.getKey()),
                  wrongs);
            }
          });
    }
  }

  private static void differs(
      String what,
      String column,
      @Nullable String wanted,
      @Nullable String found,
      List<String> wrongs) {
    if (!Objects.equals(wanted, found)) {
      wrongs.add(what + ", " + column + " should be " + wanted + " and is " + found);
    }
  }

  private static Set<Long> numbers(JsonNode list) {
    Set<Long> numbers = new TreeSet<>();
    list.forEach(number -> numbers.add(number.asLong()));
    return numbers;
  }
}

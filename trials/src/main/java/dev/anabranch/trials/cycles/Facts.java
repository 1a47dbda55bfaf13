package dev.anabranch.trials.cycles;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a database in words.
 *
 * @param keyed cells of rows by table and key
 * @param loose rows without a key to compare them by, sorted
 */
record Facts(Map<String, Map<String, String>> keyed, List<String> loose) {

  /**
   * What a transaction changed.
   *
   * @param cells new values by row and column; {@code -} for a row that went, {@code +} with all
   *     cells for one that came
   * @param loose rows that came and went
   * @param after all rows afterwards
   */
  record Effect(Map<String, String> cells, List<String> loose, Facts after) {

    boolean isNothing() {
      return cells.isEmpty() && loose.isEmpty();
    }

    /** How another execution of the same transaction compares. */
    Sameness compare(Effect again) {
      if (!loose.equals(again.loose)) {
        return Sameness.DIFFERENT;
      }
      Sameness worst = Sameness.SAME;
      Set<String> all = new TreeSet<>(cells.keySet());
      all.addAll(again.cells.keySet());
      for (String cell : all) {
        String had = cells.get(cell);
        String has = again.cells.get(cell);
        if (!Objects.equals(had, has)) {
          boolean agreed = had != null && has == null && had.equals(again.after.cell(cell));
          if (!agreed) {
            return Sameness.DIFFERENT;
          }
          worst = Sameness.EITHER;
        }
      }
      return worst;
    }

    String inWords() {
      return cells + " " + loose;
    }
  }

  /** From these rows to those. */
  Effect to(Facts after) {
    Map<String, String> cells = new TreeMap<>();
    Set<String> rows = new TreeSet<>(keyed.keySet());
    rows.addAll(after.keyed.keySet());
    for (String row : rows) {
      Map<String, String> had = keyed.get(row);
      Map<String, String> has = after.keyed.get(row);
      if (had == null) {
        cells.put(row, "+" + has);
      } else if (has == null) {
        cells.put(row, "-");
      } else {
        Set<String> columns = new TreeSet<>(had.keySet());
        columns.addAll(has.keySet());
        for (String column : columns) {
          if (!Objects.equals(had.get(column), has.get(column))) {
            cells.put(row + "." + column, became(row, column, had.get(column), has.get(column)));
          }
        }
      }
    }
    return new Effect(cells, looseChange(after), after);
  }

  /** Of a column that combines, what was added to it. */
  private static String became(
      String row, String column, @Nullable String had, @Nullable String has) {
    String named = row.substring(0, row.indexOf('[')) + "." + column;
    return Shop.COMBINED.containsKey(named) && had != null && has != null
        ? "by " + (Long.parseLong(has) - Long.parseLong(had))
        : String.valueOf(has);
  }

  private List<String> looseChange(Facts after) {
    List<String> came = new ArrayList<>(after.loose);
    List<String> went = new ArrayList<>();
    for (String row : loose) {
      if (!came.remove(row)) {
        went.add("-" + row);
      }
    }
    came.replaceAll(row -> "+" + row);
    came.addAll(went);
    return came;
  }

  private String cell(String name) {
    int dot = name.lastIndexOf("].");
    Map<String, String> row = dot < 0 ? keyed.get(name) : keyed.get(name.substring(0, dot + 1));
    if (row == null) {
      return "-";
    }
    return dot < 0 ? "+" + row : String.valueOf(row.get(name.substring(dot + 2)));
  }
}

package dev.anabranch.trials.oracle;

import dev.anabranch.trials.drive.Rows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says whether a result is one that a statement may give, comparing values as values. */
final class Judge {

  private Judge() {}

  /**
   * Whether the rows that a client got are right on another state of the data.
   *
   * @param got the rows that the client got
   * @param there what the statement gives on the other state; for first rows, without the limit
   */
  static boolean right(Query.Legal legal, Rows got, Rows there) {
    List<List<@Nullable String>> had = values(got.types(), got.rows());
    List<List<@Nullable String>> has = values(there.types(), there.rows());
    return switch (legal) {
      case Query.Legal.Bag() -> sorted(had).equals(sorted(has));
      case Query.Legal.InOrder() -> had.equals(has);
      case Query.Legal.FirstRows(int keys, int limit, String ignored) ->
          firstRows(had, has, keys, limit);
    };
  }

  /**
   * Whether two results are the same bag of values; rows of a report have no types, so the client's
   * are used.
   */
  static boolean sameBag(
      List<String> types, List<List<@Nullable String>> one, List<List<@Nullable String>> other) {
    return sorted(values(types, one)).equals(sorted(values(types, other)));
  }

  private static boolean firstRows(
      List<List<@Nullable String>> had, List<List<@Nullable String>> all, int keys, int limit) {
    int size = Math.min(limit, all.size());
    if (had.size() != size) {
      return false;
    }
    List<List<@Nullable String>> pool = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      if (!had.get(i).subList(0, keys).equals(all.get(i).subList(0, keys))) {
        return false;
      }
    }
    // Rows before the last key must all be there; among those of the last key any choice will do.
    List<@Nullable String> last = size == 0 ? List.of() : had.get(size - 1).subList(0, keys);
    for (List<@Nullable String> row : all) {
      pool.add(row);
    }
    for (List<@Nullable String> row : had) {
      if (!pool.remove(row)) {
        return false;
      }
    }
    for (int i = 0; i < size; i++) {
      List<@Nullable String> row = all.get(i);
      if (!row.subList(0, keys).equals(last) && !had.contains(row)) {
        return false;
      }
    }
    return true;
  }

  private static List<List<@Nullable String>> values(
      List<String> types, List<List<@Nullable String>> rows) {
    List<List<@Nullable String>> values = new ArrayList<>();
    for (List<@Nullable String> row : rows) {
      List<@Nullable String> cells = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        cells.add(value(i < types.size() ? types.get(i) : "text", row.get(i)));
      }
      values.add(cells);
    }
    return values;
  }

  private static @Nullable String value(String type, @Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (type) {
      case "numeric" ->
          text.matches("[-+0-9.eE]+")
              ? new BigDecimal(text).stripTrailingZeros().toPlainString()
              : text;
      case "float4", "float8" -> text.equals("-0") ? "0" : text;
      default -> text;
    };
  }

  private static List<List<@Nullable String>> sorted(List<List<@Nullable String>> rows) {
    List<List<@Nullable String>> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparing(Judge::spelled));
    return sorted;
  }

  /** Unlike for rows that differ: the text {@code null}, which JSON has, is not NULL. */
  private static String spelled(List<@Nullable String> row) {
    return row.stream()
        .map(cell -> cell == null ? "-" : cell.length() + ":" + cell)
        .collect(Collectors.joining(","));
  }
}

package dev.anabranch.trials.cycles;

import dev.anabranch.trials.cycles.MainState.RowId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an undoing should leave, worked out row by row from what main was, and nothing else.
 *
 * @param before main before the promotion
 * @param promoted main after it
 * @param edited main when it is undone
 * @param sums the cells to which the promotion added, as its receipt says: what it added is taken
 *     off again, whatever main has made of them
 */
record UndoJudgement(MainState before, MainState promoted, MainState edited, Set<Cell> sums) {

  /** One column of one row. */
  record Cell(RowId row, String column) {}

  /** What is wrong with main after the undoing. */
  List<String> wrongs(String outcome, MainState undone) {
    List<String> wrongs = new ArrayList<>();
    for (RowId row : edited.differing(undone)) {
      if (before.row(row).equals(promoted.row(row))) {
        wrongs.add("the promotion did not write " + row + ", and the undoing did");
      } else if (isEdited(row)) {
        wrongs.add(row + " was edited since, and was undone all the same");
      } else if (!undone.row(row).equals(inverse(row))) {
        wrongs.add(
            row + " should be " + inverse(row) + " when it is undone, and is " + undone.row(row));
      }
    }
    if (outcome.equals("landed")) {
      for (RowId row : before.differing(promoted)) {
        if (!undone.row(row).equals(inverse(row))) {
          wrongs.add("all is undone, and " + row + " is " + undone.row(row));
        }
      }
    }
    if ((outcome.equals("held") || outcome.equals("refused"))
        && !edited.differing(undone).isEmpty()) {
      wrongs.add("nothing is undone, and " + edited.differing(undone) + " are others");
    }
    return wrongs;
  }

  /** Whether main has something else now in what the promotion wrote. */
  private boolean isEdited(RowId row) {
    Optional<Map<String, @Nullable String>> was = before.row(row);
    Optional<Map<String, @Nullable String>> wrote = promoted.row(row);
    Optional<Map<String, @Nullable String>> now = edited.row(row);
    if (wrote.isEmpty()) {
      return now.isPresent();
    }
    if (was.isEmpty()) {
      return now.isPresent() && !now.equals(wrote);
    }
    return now.isEmpty()
        || wrote.get().keySet().stream()
            .anyMatch(column ->
                isWritten(row, column)
                    && !sums.contains(new Cell(row, column))
                    && !Objects.equals(now.get().get(column), wrote.get().get(column)));
  }

  private boolean isWritten(RowId row, String column) {
    return !Objects.equals(
        before.row(row).orElseThrow().get(column), promoted.row(row).orElseThrow().get(column));
  }

  /** The row as it is when it is taken back. */
  private Optional<Map<String, @Nullable String>> inverse(RowId row) {
    Optional<Map<String, @Nullable String>> was = before.row(row);
    Optional<Map<String, @Nullable String>> now = edited.row(row);
    if (was.isEmpty() || promoted.row(row).isEmpty() || now.isEmpty()) {
      return was;
    }
    Map<String, @Nullable String> cells = new LinkedHashMap<>(now.get());
    cells.replaceAll((column, text) -> isWritten(row, column) ? inverse(row, column) : text);
    return Optional.of(cells);
  }

  private @Nullable String inverse(RowId row, String column) {
    String was = before.row(row).orElseThrow().get(column);
    String wrote = promoted.row(row).orElseThrow().get(column);
    String now = edited.row(row).orElseThrow().get(column);
    return sums.contains(new Cell(row, column)) && was != null && wrote != null && now != null
        ? new BigDecimal(now)
            .add(new BigDecimal(was))
            .subtract(new BigDecimal(wrote))
            .toPlainString()
        : was;
  }
}

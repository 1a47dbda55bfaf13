package dev.anabranch.web;

import gg.jte.html.HtmlContent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thing to decide, as the API tells it.
 *
 * @param id what it is known by
 * @param kind answer, conflict, constraint or task
 * @param nature meaning, or address for what is only reported
 * @param state what a decision counts for
 * @param answer the answer's id, of an answer
 * @param table the row's, of a conflict
 * @param key the row's
 * @param base the row at the fork point; null where there is none
 * @param branch the branch's
 * @param main main's
 * @param units what it holds
 * @param choices what can be decided
 * @param sentence it in words
 * @param decided what was
 * @param taskIds the tasks whose work it holds
 * @param rerun its transaction executed again
 * @param advice how the sentence ends: what to do about it on the command line
 * @param kept what was said of some of its cells
 */
public record FactSeen(
    String id,
    String kind,
    String nature,
    String state,
    @Nullable Long answer,
    @Nullable String table,
    @Nullable Map<String, @Nullable String> key,
    @Nullable Map<String, @Nullable String> base,
    @Nullable Map<String, @Nullable String> branch,
    @Nullable Map<String, @Nullable String> main,
    List<Long> units,
    List<String> choices,
    String sentence,
    Promoted.@Nullable DecisionSeen decided,
    List<String> taskIds,
    Promoted.@Nullable Rerun rerun,
    String advice,
    Promoted.@Nullable DecisionSeen kept) {

  public FactSeen {
    state = Objects.requireNonNullElse(state, "");
    advice = Objects.requireNonNullElse(advice, "");
    units = Promoted.all(units);
    choices = Promoted.all(choices);
    taskIds = Promoted.all(taskIds);
  }

  /** Whether somebody has to say something. */
  public boolean isOpen() {
    return decided == null;
  }

  /** Whether a cell gets what somebody gave. */
  boolean hasValueByHand() {
    return decided != null && !decided.value().isEmpty();
  }

  /** What was said of a cell: branch, main, value, null; empty when nothing was. */
  public String keptOf(String column) {
    if (kept == null) {
      return "";
    }
    if (kept.value().containsKey(column)) {
      return kept.value().get(column) == null ? "null" : "value";
    }
    return kept.columns().getOrDefault(column, "");
  }

  /** What was given for a cell by hand; empty when nothing was. */
  public String givenTo(String column) {
    return kept == null ? "" : Objects.requireNonNullElse(kept.value().get(column), "");
  }

  /** The columns of which nothing was said yet. */
  List<String> unsaid() {
    return cells().stream().map(Cell::column).filter(column -> keptOf(column).isEmpty()).toList();
  }

  /** When it was decided; empty when nobody has. */
  public String decidedAt() {
    return decided == null ? "" : decided.at();
  }

  /** When something was said of it or of its cells; empty when nothing was. */
  String saidAt() {
    return decided == null && kept != null ? kept.at() : decidedAt();
  }

  /** It in words, without what to type: that is for the command line. */
  public String plainSentence() {
    String plain =
        sentence.endsWith(advice)
            ? sentence.substring(0, sentence.length() - advice.length())
            : sentence;
    return plain.isEmpty()
        ? plain
        : plain.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + plain.substring(1);
  }

  /** Whether two sides have a row each, to be compared cell by cell. */
  public boolean isTrueConflict() {
    return kind.equals("conflict");
  }

  /** Whether each cell can be decided by itself. */
  public boolean isByCell() {
    return choices.contains("value") && branch != null && main != null;
  }

  /** The state that a choice has to be made for. */
  public String stateFor(String choice) {
    return choice.equals("rerun") && rerun != null ? rerun.state() : state;
  }

  /** The cells of the three sides, by column; those of the key are left out. */
  public List<Cell> cells() {
    Set<String> columns = new LinkedHashSet<>();
    for (Map<String, @Nullable String> side : sides()) {
      columns.addAll(side.keySet());
    }
    if (key != null) {
      columns.removeAll(key.keySet());
    }
    List<Cell> cells = new ArrayList<>();
    for (String column : columns) {
      cells.add(new Cell(column, side(base, column), side(branch, column), side(main, column)));
    }
    return cells;
  }

  private List<Map<String, @Nullable String>> sides() {
    List<Map<String, @Nullable String>> sides = new ArrayList<>();
    if (base != null) {
      sides.add(base);
    }
    if (branch != null) {
      sides.add(branch);
    }
    if (main != null) {
      sides.add(main);
    }
    return sides;
  }

  private static Side side(@Nullable Map<String, @Nullable String> row, String column) {
    return new Side(
        row != null, row != null && row.containsKey(column), row == null ? null : row.get(column));
  }

  /**
   * One cell of the three sides.
   *
   * @param column its name
   */
  public record Cell(String column, Side base, Side branch, Side main) {

    /** One of the sides, to be told from the others. */
    public HtmlContent shown(Side side) {
      if (!side.there()) {
        return CellText.word(side.isRow() ? "—" : "no row");
      }
      return CellText.beside(
          side.text(),
          Stream.of(base, branch, main)
              .filter(other -> !other.equals(side))
              .flatMap(other -> Optional.ofNullable(other.text()).stream())
              .toList());
    }
  }

  /**
   * One side of a cell.
   *
   * @param isRow whether the side has the row
   * @param there whether the side has it
   * @param text null for NULL
   */
  public record Side(boolean isRow, boolean there, @Nullable String text) {}
}

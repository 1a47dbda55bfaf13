package dev.anabranch.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a branch has committed, transaction by transaction, and what becomes of each.
 *
 * @param branch the branch's name
 * @param seen a page of its units
 * @param state which are shown; empty: all
 */
public record UnitsPage(String branch, UnitsSeen seen, String state) {

  private static final int PAGE_UNITS = 25;

  /** How many of the answers that a unit rests on are shown. */
  private static final int MOST_ANSWERS = 10;

  /** The states that units are in, in the order that they are told. */
  public static final List<String> STATES =
      List.of("held", "landing", "landed", "dropped", "undone");

  /**
   * Units, as the API tells them.
   *
   * @param answers what they said and rest on
   */
  public record UnitsSeen(
      String asOf,
      Map<String, Integer> counts,
      List<UnitSeen> units,
      List<AnswerSeen> answers,
      @Nullable String nextCursor) {}

  /** A unit. */
  public record UnitSeen(
      long id,
      Instant committedAt,
      String state,
      String taskId,
      String task,
      List<Long> statements,
      List<Long> restsOn,
      List<String> facts,
      List<RowCount> rows,
      @Nullable String undoneBy) {}

  /** How many rows of a table it wrote. */
  public record RowCount(String table, int inserted, int updated, int deleted, boolean truncated) {

    /** The table as a part of an address. */
    public String inPath() {
      return Visit.part(table);
    }

    /** {@code 1 inserted, 2 updated}. */
    public String told() {
      List<String> parts = new ArrayList<>();
      if (truncated) {
        parts.add("emptied");
      }
      if (inserted > 0) {
        parts.add(PageTexts.number(inserted) + " inserted");
      }
      if (updated > 0) {
        parts.add(PageTexts.number(updated) + " updated");
      }
      if (deleted > 0) {
        parts.add(PageTexts.number(deleted) + " deleted");
      }
      return String.join(", ", parts);
    }
  }

  /** Units of one task. */
  public record Section(String task, List<UnitSeen> units) {

    /** What people call it. */
    public String title() {
      return task.isEmpty() ? "Work that nobody knows the task of" : task;
    }
  }

  static UnitsPage of(Visit visit) {
    String name = visit.pathPart("name");
    String state = visit.asked("state").filter(STATES::contains).orElse("");
    String path =
        "/branches/"
            + Visit.part(name)
            + "/units?limit="
            + PAGE_UNITS
            + (state.isEmpty() ? "" : "&state=" + state)
            + visit.asked("cursor").map(cursor -> "&cursor=" + Visit.part(cursor)).orElse("");
    return new UnitsPage(name, visit.api().units(name, path), state);
  }

  public int all() {
    return seen.counts().values().stream().mapToInt(Integer::intValue).sum();
  }

  public int count(String of) {
    return seen.counts().getOrDefault(of, 0);
  }

  /** Units of the page, by task. */
  public List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    Optional<String> last = Optional.empty();
    for (UnitSeen unit : seen.units()) {
      if (last.filter(unit.taskId()::equals).isEmpty()) {
        sections.add(new Section(unit.task(), new ArrayList<>()));
      }
      sections.getLast().units().add(unit);
      last = Optional.of(unit.taskId());
    }
    return sections;
  }

  /** The answers of these ids, as far as they are told. */
  public List<AnswerSeen> answers(List<Long> ids) {
    Set<Long> wanted = new HashSet<>(ids);
    return seen.answers().stream().filter(answer -> wanted.contains(answer.id())).toList();
  }

  /** What a unit was told by others of its task before: all that it rests on but its own. */
  public List<Long> before(UnitSeen unit) {
    Set<Long> own = new HashSet<>(unit.statements());
    return unit.restsOn().stream().filter(answer -> !own.contains(answer)).toList();
  }

  /** The first of the answers of these ids, those that don't hold before the others. */
  public List<AnswerSeen> first(List<Long> ids) {
    return answers(ids).stream()
        .sorted(Comparator.comparing(answer -> answer.verdict().equals("holds")))
        .limit(MOST_ANSWERS)
        .toList();
  }

  /** What becomes of it, for people. */
  public static String word(String state) {
    return switch (state) {
      case "landing" -> "would land";
      case "landed" -> "on main";
      default -> state;
    };
  }

  /** How that is coloured, beside its word. */
  public static String tone(String state) {
    return switch (state) {
      case "landing", "landed" -> "good";
      case "held" -> "bad";
      default -> "";
    };
  }

  /** The same page of units of another state. */
  public String showing(String other) {
    return "/branches/"
        + Visit.part(branch)
        + "/units"
        + (other.isEmpty() ? "" : "?state=" + other);
  }

  /** Where the units go on; empty when they don't. */
  public String next() {
    return seen.nextCursor() == null
        ? ""
        : showing(state)
            + (state.isEmpty() ? "?" : "&")
            + "cursor="
            + Visit.part(seen.nextCursor());
  }
}

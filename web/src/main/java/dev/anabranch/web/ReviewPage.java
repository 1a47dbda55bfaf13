package dev.anabranch.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The page that decides.
 *
 * @param branch the branch's name
 * @param work what would land, and what there is to decide
 * @param answers the answers behind the facts, by number
 * @param checks names of checks of the users' own, which landing runs
 * @param filter which facts are wanted
 * @param matching how many facts the filter lets through
 * @param sections the facts of this page, by task
 * @param who what the viewer is called
 * @param notice what just happened; may be empty
 */
public record ReviewPage(
    String branch,
    Promoted work,
    Map<Long, AnswerSeen> answers,
    List<String> checks,
    Filter filter,
    int matching,
    List<Section> sections,
    String who,
    String notice) {

  static final int PAGE_FACTS = 50;

  /**
   * Which facts are wanted.
   *
   * @param show open, decided or all
   * @param kind answer, conflict, constraint; or all
   * @param table only those of this table; empty: of any
   * @param page from 1 on
   */
  public record Filter(String show, String kind, String table, int page) {

    static Filter of(Visit visit) {
      return new Filter(
          visit.asked("show").filter(List.of("open", "decided")::contains).orElse("all"),
          visit
              .asked("kind")
              .filter(List.of("answer", "conflict", "constraint")::contains)
              .orElse("all"),
          visit.asked("table").orElse(""),
          Math.max(1, visit.number("page", 1)));
    }

    private boolean lets(FactSeen fact) {
      return switch (show) {
            case "open" -> fact.isOpen();
            case "decided" -> !fact.isOpen();
            default -> true;
          }
          && (kind.equals("all") || fact.kind().equals(kind))
          && (table.isEmpty() || table.equals(fact.table()));
    }

    Filter onPage(int other) {
      return new Filter(show, kind, table, other);
    }

    /** It as a query, with which a form comes back here. */
    public String query() {
      return "?show="
          + show
          + "&kind="
          + kind
          + (table.isEmpty() ? "" : "&table=" + Visit.part(table))
          + "&page="
          + page;
    }

    /** The same with others shown, from their first page on. */
    public String showing(String other) {
      return new Filter(other, kind, table, 1).query();
    }

    /** The same of another kind. */
    public String ofKind(String other) {
      return new Filter(show, other, table, 1).query();
    }

    public String at(int other) {
      return onPage(other).query();
    }
  }

  /**
   * The facts of one task.
   *
   * @param task null for those that hold work of several
   */
  public record Section(Promoted.@Nullable TaskSeen task, List<FactSeen> facts) {

    /** Whether an answer waits to be accepted. */
    public boolean mayAccept() {
      return facts.stream().anyMatch(fact -> fact.isOpen() && fact.choices().contains("accept"));
    }
  }

  /**
   * Lays the facts out.
   *
   * @param wanted the id of a fact whose page is wanted, if one is
   */
  static ReviewPage of(
      String branch,
      Promoted work,
      Filter filter,
      Optional<String> wanted,
      String who,
      String notice) {
    List<FactSeen> let = new ArrayList<>();
    grouped(work, work.facts().stream().filter(filter::lets).toList())
        .values()
        .forEach(let::addAll);
    int page = Math.min(filter.page(), Math.max(1, pages(let.size())));
    for (int i = 0; wanted.isPresent() && i < let.size(); i++) {
      if (let.get(i).id().equals(wanted.get())) {
        page = 1 + i / PAGE_FACTS;
      }
    }
    List<FactSeen> shown =
        let.subList(
            Math.min(let.size(), (page - 1) * PAGE_FACTS), Math.min(let.size(), page * PAGE_FACTS));
    List<Section> sections = new ArrayList<>();
    grouped(work, shown)
        .forEach((id, facts) ->
            sections.add(
                new Section(
                    work.tasks().stream()
                        .filter(task -> !id.isEmpty() && task.id().equals(id))
                        .findFirst()
                        .orElse(null),
                    facts)));
    Map<Long, AnswerSeen> answers = new TreeMap<>();
    work.answers().forEach(answer -> answers.put(answer.id(), answer));
    return new ReviewPage(
        branch, work, answers, List.of(), filter.onPage(page), let.size(), sections, who, notice);
  }

  ReviewPage withChecks(List<String> names) {
    return new ReviewPage(branch, work, answers, names, filter, matching, sections, who, notice);
  }

  /** Under no name, what holds work of several tasks, or of none. */
  private static Map<String, List<FactSeen>> grouped(Promoted work, List<FactSeen> facts) {
    Map<String, List<FactSeen>> byTask = new LinkedHashMap<>();
    work.tasks().forEach(task -> byTask.put(task.id(), new ArrayList<>()));
    for (FactSeen fact : facts) {
      String task = fact.taskIds().size() == 1 ? fact.taskIds().getFirst() : "";
      byTask.computeIfAbsent(task, _ -> new ArrayList<>()).add(fact);
    }
    byTask.values().removeIf(List::isEmpty);
    return byTask;
  }

  /** Whether a check of the users' own has found that nothing may land. */
  public boolean isStopped() {
    return work.checks().stream().anyMatch(Promoted.CheckOutcome::stops);
  }

  private static int pages(int facts) {
    return (facts + PAGE_FACTS - 1) / PAGE_FACTS;
  }

  public int pages() {
    return pages(matching);
  }

  public long count(String kind) {
    return work.facts().stream().filter(fact -> fact.kind().equals(kind)).count();
  }

  /** Tables that facts are about. */
  public List<String> tables() {
    return work.facts().stream()
        .flatMap(fact -> Optional.ofNullable(fact.table()).stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** The answer behind a fact, when it is known. */
  public @Nullable AnswerSeen answer(FactSeen fact) {
    return fact.answer() == null ? null : answers.get(fact.answer());
  }

  /** Whether nothing is left to land because somebody has decided so. */
  public boolean isAllDropped() {
    return work.units().total() > 0 && work.units().dropped() == work.units().total();
  }

  /** What comes of it, in one sentence. */
  public String headline() {
    Promoted.Units units = work.units();
    String need =
        work.open() == 0
            ? ""
            : PageTexts.count(work.open(), "fact")
                + (work.open() == 1 ? " needs you" : " need you");
    String can;
    if (units.total() == 0) {
      can = "There is nothing to land";
    } else if (isAllDropped()) {
      return "All of "
          + PageTexts.count(units.total(), "unit")
          + (units.total() == 1 ? " was" : " were")
          + " dropped: nothing is left to land.";
    } else if (units.landed() == units.total()) {
      can = "All of " + PageTexts.count(units.total(), "unit") + " can land";
    } else if (units.landed() == 0) {
      can = "None of " + PageTexts.count(units.total(), "unit") + " can land";
    } else {
      can =
          PageTexts.number(units.landed())
              + " of "
              + PageTexts.count(units.total(), "unit")
              + " can land";
    }
    return can + (need.isEmpty() ? "." : "; " + need + ".");
  }
}

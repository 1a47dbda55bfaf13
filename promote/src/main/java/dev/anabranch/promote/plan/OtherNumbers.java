package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.predicate.overlay.Drawn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The numbers of the branch's new rows that mean another row on main, or none: of those that land
 * under another number, that have landed under one, and that stay behind.
 */
final class OtherNumbers {

  private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

  /** A smaller number of a row that main has no other one of is more often no reference. */
  private static final long LEAST_UNTAKEN = 10;

  private static final String ANOTHER =
      " has another number on main, because main has given that one out";

  private final PlanInput input;
  private final Map<Long, Other> others = new HashMap<>();

  /**
   * A row whose number is not its own on main.
   *
   * @param what it in words, and what is the matter with it
   * @param since the unit from which on any may mean it
   * @param tasks whose units made it: what was drawn for a row may be written down before the row
   * @param sequences that the number may be from
   */
  private record Other(String what, long since, Set<String> tasks, Set<TableId> sequences) {
    Other and(Other other) {
      Set<String> all = new HashSet<>(tasks);
      all.addAll(other.tasks);
      Set<TableId> from = new HashSet<>(sequences);
      from.addAll(other.sequences);
      return since <= other.since
          ? new Other(what, since, all, from)
          : new Other(other.what, other.since, all, from);
    }
  }

  /**
   * @param changes all that lands together
   * @param behind what the units wrote that stay
   */
  OtherNumbers(PlanInput input, List<RowChange> changes, Collection<Step> behind) {
    this.input = input;
    for (RowChange change : changes) {
      if (change instanceof RowChange.Insert insert) {
        ownNumbers(insert).forEach(request -> tell(insert, request));
      }
    }
    for (Renumbering renumbering : input.earlier()) {
      renumbering.keys().keySet().stream()
          .filter(OtherNumbers::isNumber)
          .map(key -> Long.parseLong(key.values().getFirst()))
          .forEach(number -> tell(renumbering.table(), number, ANOTHER, 0, Set.of(), Set.of()));
    }
    behind.forEach(this::tell);
  }

  /** The numbers that a row has drawn for itself. */
  static List<NumberRequest> ownNumbers(RowChange.Insert insert) {
    List<NumberRequest> own = new ArrayList<>();
    insert
        .cells()
        .forEach((column, value) -> {
          if (value instanceof CellValue.ToDraw(NumberRequest request)
              && request.table().equals(insert.table())
              && request.column() == column) {
            own.add(request);
          }
        });
    return own;
  }

  private void tell(RowChange.Insert insert, NumberRequest request) {
    if (!request.keepable()) {
      long maker = insert.units().getFirst();
      tell(
          request.table(),
          request.value(),
          ANOTHER,
          maker,
          Set.of(input.provenance().task(maker)),
          Set.of(request.generator().id()));
    }
  }

  private void tell(Step behind) {
    MainTable table = input.main().get(behind.table());
    if (table == null || behind.before().isPresent() || behind.after().isEmpty()) {
      return;
    }
    long maker = input.pending().get(behind.unit()).id();
    table
        .generators()
        .forEach((column, generator) -> {
          Drawn drawn = input.drawn().get(generator.id());
          String text = behind.after().get().cell(column).text();
          if (drawn != null
              && text != null
              && DIGITS.matcher(text).matches()
              && drawn.mayHave(Long.parseLong(text))) {
            long number = Long.parseLong(text);
            boolean taken = generator.hasPassed(number);
            if (taken || number >= LEAST_UNTAKEN) {
              tell(
                  behind.table(),
                  number,
                  taken
                      ? " stays behind, and main has given its number out to another row"
                      : " stays behind, so that main has no row of that number",
                  taken ? maker : Long.MAX_VALUE,
                  Set.of(input.provenance().task(maker)),
                  Set.of(generator.id()));
            }
          }
        });
  }

  private void tell(
      TableId table,
      long number,
      String why,
      long since,
      Set<String> tasks,
      Set<TableId> sequences) {
    MainTable known = input.main().get(table);
    String what =
        "row " + number + (known == null ? "" : " of " + known.shape().qualifiedName()) + why;
    others.merge(number, new Other(what, since, tasks, sequences), Other::and);
  }

  boolean isEmpty() {
    return others.isEmpty();
  }

  /** The row that a number in a change may mean, and what is the matter with it. */
  Optional<String> meant(RowChange change, MainTable table, int column, long number) {
    return Optional.ofNullable(others.get(number))
        .filter(row -> !isItsOwn(row, table, column, number) && mayMean(change, row))
        .map(Other::what);
  }

  private boolean mayMean(RowChange change, Other row) {
    return change.units().getLast() >= row.since()
        || change.units().stream()
            .map(input.provenance()::task)
            .anyMatch(task -> task.isEmpty() || row.tasks().contains(task));
  }

  /** Whether the column has it from a sequence of its own, that no such row was numbered by. */
  private boolean isItsOwn(Other row, MainTable table, int column, long number) {
    Generator generator = table.generators().get(column);
    Drawn drawn = generator == null ? null : input.drawn().get(generator.id());
    return generator != null
        && drawn != null
        && drawn.mayHave(number)
        && !row.sequences().contains(generator.id());
  }

  /**
   * Rows of different tables that have one number of one sequence, which they can't both keep: they
   * belong together, and what would say so is lost. All but the first, by what it is.
   */
  static Map<RowChange, String> sharers(PlanInput input, List<RowChange> changes) {
    Map<List<Object>, NumberRequest> first = new HashMap<>();
    Map<RowChange, String> sharers = new LinkedHashMap<>();
    for (RowChange change : changes) {
      if (change instanceof RowChange.Insert insert) {
        for (NumberRequest request : ownNumbers(insert)) {
          List<Object> number = List.of(request.generator().id(), request.value());
          NumberRequest other = first.putIfAbsent(number, request);
          if (other != null && !request.keepable() && !other.table().equals(request.table())) {
            MainTable table = input.main().get(other.table());
            sharers.put(
                change,
                "number "
                    + request.value()
                    + " of sequence "
                    + request.generator().sequence()
                    + " is that of a new row of "
                    + (table == null ? "another table" : table.shape().qualifiedName())
                    + ", too, and main has given it out");
          }
        }
      }
    }
    return sharers;
  }

  private static boolean isNumber(Key key) {
    return key.values().size() == 1 && DIGITS.matcher(key.values().getFirst()).matches();
  }
}

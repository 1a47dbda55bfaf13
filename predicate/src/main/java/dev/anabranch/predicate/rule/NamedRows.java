package dev.anabranch.predicate.rule;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Occurrence;
import dev.anabranch.predicate.match.Layout;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.overlay.Overlay;
import dev.anabranch.predicate.overlay.RowThenAndNow;
import dev.anabranch.predicate.rule.Overlays.Calling;
import dev.anabranch.predicate.timeline.Seen;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks for changes to the rows that the branch calls otherwise than main.
 *
 * <p>A statement of the branch means them by the branch's numbers, and what it did is done to them
 * on main. Asked again there, the same number may be another row's: that the same comes back says
 * nothing of the row that was meant, once main has changed that one.
 */
public final class NamedRows {

  private static final Pattern DIGITS = Pattern.compile("\\d+");

  private final SchemaSnapshot schema;
  private final Overlays overlays;
  private final Traps traps;

  NamedRows(SchemaSnapshot schema, Overlays overlays, Traps traps) {
    this.schema = schema;
    this.overlays = overlays;
    this.traps = traps;
  }

  /**
   * Why the same answer would be no proof; empty when it is one.
   *
   * @param seen what the answer saw
   */
  public Optional<String> changed(Footprint.Reads reads, RowMatcher matcher, Seen seen) {
    return isIdle()
        ? Optional.empty()
        : reads.occurrences().stream()
            .flatMap(occurrence -> changed(occurrence, matcher, seen).stream())
            .findFirst();
  }

  /** The same for a statement of which it is not known what it reads, by the numbers in it. */
  public Optional<String> changed(Question question, Seen seen) {
    return isIdle() || !areNamedIn(question)
        ? Optional.empty()
        : overlays.names().tables().stream()
            .flatMap(table -> changed(table, seen, change -> true).stream())
            .findFirst();
  }

  private boolean isIdle() {
    return overlays.names().isEmpty() || traps.has(Trap.CONFUSE_NUMBERS);
  }

  /** Whether a statement holds one of their numbers, or may. */
  public boolean areNamedIn(Question question) {
    Set<String> numbers = overlays.names().numbers();
    return hasOne(question.sql(), numbers)
        || question.parameters().stream()
            .anyMatch(one ->
                !one.readable() || one.text().filter(text -> hasOne(text, numbers)).isPresent());
  }

  private static boolean hasOne(String text, Set<String> numbers) {
    Matcher digits = DIGITS.matcher(text);
    while (digits.find()) {
      if (numbers.contains(digits.group())) {
        return true;
      }
    }
    return numbers.stream()
        .anyMatch(number -> !DIGITS.matcher(number).matches() && text.contains(number));
  }

  private Optional<String> changed(Occurrence occurrence, RowMatcher matcher, Seen seen) {
    Relation named = schema.relations().get(occurrence.table());
    Set<TableId> tables =
        occurrence.withDescendants()
            ? SchemaDrift.descendants(schema, Set.of(occurrence.table()))
            : Set.of(occurrence.table());
    return tables.stream()
        .flatMap(table -> {
          Relation stored = schema.relations().get(table);
          if (named == null || stored == null) {
            return changed(table, seen, change -> true).stream();
          }
          Layout layout = Layout.of(named.shape(), stored.shape());
          List<Integer> places = Prover.places(occurrence.columns(), layout, stored.shape());
          Look look = new Look(occurrence, stored.shape(), layout, places, matcher);
          return changed(
              table,
              seen,
              change ->
                  places.contains(-1)
                      || (!look.sameWhereRead(change)
                          && (look.mayMatch(change.before(), Set.of())
                              || look.mayMatch(change.after(), Set.of()))))
              .stream();
        })
        .findFirst();
  }

  private Optional<String> changed(TableId table, Seen seen, Predicate<RowThenAndNow> bears) {
    Relation stored = schema.relations().get(table);
    if (!overlays.names().concern(table) || stored == null || stored.kind() == 'p') {
      return Optional.empty();
    }
    TableShape shape = stored.shape();
    String why =
        "rows of "
            + shape.qualifiedName()
            + " that the branch made have other numbers on main, and main has changed them";
    Optional<Overlay> overlay = overlays.of(table, seen.past(), Calling.BRANCH);
    return overlay.isEmpty()
            || Stream.concat(
                    overlay.get().plain().all().stream(), overlay.get().mixed(seen).stream())
                .filter(change -> isOurs(shape, change))
                .anyMatch(bears)
        ? Optional.of(why)
        : Optional.empty();
  }

  private boolean isOurs(TableShape shape, RowThenAndNow change) {
    return change.before().filter(row -> overlays.names().isOurs(shape, row)).isPresent()
        || change.after().filter(row -> overlays.names().isOurs(shape, row)).isPresent();
  }

  /** Whether main has left alone what the branch's landed work changed after an answer. */
  public boolean areAsTheyLanded(Set<TableId> tables, Seen given, Seen later) {
    return tables.stream()
        .filter(table -> {
          Relation stored = schema.relations().get(table);
          return stored == null || stored.kind() == 'r';
        })
        .allMatch(table ->
            overlays
                .of(table, given.past(), Calling.BRANCH)
                .filter(overlay -> overlay.isAsItLanded(given, later))
                .isPresent());
  }
}

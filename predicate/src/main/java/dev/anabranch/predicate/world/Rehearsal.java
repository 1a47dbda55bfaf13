package dev.anabranch.predicate.world;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Undone;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.timeline.TakenOff;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Statements of one transaction that are to be executed again, in order, on a copy of main at the
 * place that they had among the branch's writes.
 *
 * @param statements all that may have written, and the one that is asked about
 * @param takenBack which of them are rolled back to a savepoint on the way
 * @param seen the branch's writes to lay over main first
 * @param uncertain tables that other transactions wrote which some of the statements may have seen,
 *     and others not
 * @param unit what the transaction wrote; empty when it wrote nothing, or when {@code whole} is
 *     false
 * @param takenOff what of the branch's landed work is taken off main first; what of that was seen
 *     is laid over it again
 * @param later by a statement's id, the settings that it left its session, where that is known
 * @param clock whether one of them may read the clock: what none of them can have from there comes
 *     from rows, also a date that is today's
 * @param whole whether these are all the statements that can have written, so that what they write
 *     can be compared
 */
public record Rehearsal(
    List<Answer> statements,
    List<Taken> takenBack,
    Seen seen,
    Set<TableId> uncertain,
    Optional<Unit> unit,
    TakenOff takenOff,
    Map<Long, Later> later,
    boolean clock,
    boolean whole) {
  public Rehearsal {
    statements = List.copyOf(statements);
    uncertain = Set.copyOf(uncertain);
    later = Map.copyOf(later);
    takenBack = List.copyOf(takenBack);
  }

  /** The same on a copy of main from which something else is taken off. */
  public Rehearsal without(TakenOff landed) {
    return new Rehearsal(statements, takenBack, seen, uncertain, unit, landed, later, clock, whole);
  }

  private static final Pattern COMMIT =
      Pattern.compile(
          "(?:\\s|--[^\\n]*\\n|/\\*(?:[^*]|\\*(?!/))*\\*/)*(?:commit|end)\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /**
   * Whether it is the end of a transaction that was refused: what its statements had put off is
   * looked at then.
   */
  public static boolean ends(Answer answer) {
    return answer.told() == Told.REFUSAL && COMMIT.matcher(answer.question().sql()).matches();
  }

  /** How many savepoints are set before a statement is executed. */
  public int begunBefore(int place) {
    return (int) takenBack.stream().filter(taken -> taken.first() == place).count();
  }

  /** How many of them, the last ones, are rolled back to once it was. */
  public int undoneAfter(int place) {
    return (int) takenBack.stream().filter(taken -> taken.last() == place).count();
  }

  /**
   * Statements that a ROLLBACK TO SAVEPOINT undoes when the last of them was executed. One such run
   * lies in another, or has nothing in common with it.
   *
   * @param first by its place, from 0
   * @param last the same
   */
  public record Taken(int first, int last) {

    /** What was undone. */
    public static List<Taken> back(List<Answer> statements, Undone undone) {
      return switch (undone) {
        case Undone.Unknown ignored ->
            throw new IllegalArgumentException("it is not known what was undone");
        case Undone.Parts(List<Span> spans) ->
            spans.stream().flatMap(span -> of(statements, span).stream()).distinct().toList();
      };
    }

    private static Optional<Taken> of(List<Answer> statements, Span span) {
      int[] places =
          IntStream.range(0, statements.size())
              .filter(place -> {
                long end = statements.get(place).span().end();
                return span.begin() < end && end < span.end();
              })
              .toArray();
      return places.length == 0
          ? Optional.empty()
          : Optional.of(new Taken(places[0], places[places.length - 1]));
    }
  }
}

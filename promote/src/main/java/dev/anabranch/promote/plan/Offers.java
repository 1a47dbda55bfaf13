package dev.anabranch.promote.plan;

import dev.anabranch.base.ShortDigest;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.rehearsal.Again;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What executing transactions again on main as it is now came to, and which of them are to land so.
 *
 * @param came what came of each, by the unit's id
 * @param unitOf the unit that the statement of an answer made, for answers about which a person may
 *     say that it is to be executed again
 * @param chosen the units that are to land as they came out
 * @param originals what those wrote on the branch, by id
 */
public record Offers(
    Map<Long, Again> came, Map<Long, Long> unitOf, Set<Long> chosen, Map<Long, Unit> originals) {

  /** Nothing was executed again. */
  public static final Offers NONE = new Offers(Map.of(), Map.of(), Set.of(), Map.of());

  private static final int DIGITS = 16;

  public Offers {
    came = Map.copyOf(came);
    unitOf = Map.copyOf(unitOf);
    chosen = Set.copyOf(chosen);
    originals = Map.copyOf(originals);
  }

  /** What came of the transaction of an answer's statement. */
  public Optional<Again> of(long answer) {
    return Optional.ofNullable(unitOf.get(answer))
        .flatMap(unit -> Optional.ofNullable(came.get(unit)));
  }

  /** What came of a unit that is to land so. */
  Optional<Again.Done> done(long unit) {
    return chosen.contains(unit) && came.get(unit) instanceof Again.Done done
        ? Optional.of(done)
        : Optional.empty();
  }

  /** The answers whose statements are executed again and land so: their ids. */
  Set<Long> executed() {
    Set<Long> answers = new HashSet<>();
    chosen.forEach(unit ->
        done(unit).ifPresent(done -> done.told().forEach(told -> answers.add(told.answer()))));
    return answers;
  }

  /** The pending units, those that are chosen with what they write now. */
  public static List<Unit> applied(List<Unit> pending, Map<Long, Again> came, Set<Long> chosen) {
    return pending.stream()
        .map(unit ->
            chosen.contains(unit.id()) && came.get(unit.id()) instanceof Again.Done done
                ? done.unit()
                : unit)
        .toList();
  }

  /** What came out is known to be the same by. */
  public static String digest(Again.Done done) {
    return ShortDigest.of(DIGITS, List.of(done.unit().writes().toString(), done.told().toString()));
  }
}

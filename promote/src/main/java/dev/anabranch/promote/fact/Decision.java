package dev.anabranch.promote.fact;

import dev.anabranch.base.Lsn;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person decided of a fact. It counts while the fact is as it was then; that units are
 * dropped stays, since nothing that could be wrong lands by it.
 *
 * @param fact it, as it was then
 * @param choice what is to be done
 * @param units the ids of the units that were held because of it, when they are dropped
 * @param who said so
 * @param why in their words
 * @param at when
 * @param asOf the position of main that the fact was as of
 */
public record Decision(
    Fact fact,
    Choice choice,
    List<Long> units,
    String who,
    Optional<String> why,
    Instant at,
    Lsn asOf) {

  public Decision {
    units = List.copyOf(units);
  }

  /** The same about a fact that has become another since, in a way that its state does not show. */
  public Decision ofAnother() {
    return new Decision(fact.inState("moved"), choice, units, who, why, at, asOf);
  }

  /** As it is shown. */
  public Decided decided() {
    Map<String, @Nullable String> given = new LinkedHashMap<>();
    Map<String, String> taken = new LinkedHashMap<>();
    if (choice instanceof Choice.Value(Map<String, Choice.Cell> cells)) {
      cells.forEach((column, cell) -> {
        switch (cell) {
          case Choice.Cell.OfBranch ignored -> taken.put(column, "branch");
          case Choice.Cell.OfMain ignored -> taken.put(column, "main");
          case Choice.Cell.Given(Optional<String> text) -> given.put(column, text.orElse(null));
        }
      });
    }
    return new Decided(choice.word(), who, why, at.toString(), given, taken);
  }
}

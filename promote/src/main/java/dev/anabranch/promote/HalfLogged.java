package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.check.CheckedBranch;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.BeyondLog;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.footprint.Writes;
import dev.anabranch.predicate.timeline.Owner;
import dev.anabranch.predicate.timeline.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Finds the units that are only the logged part of what their transactions wrote. Landing one would
 * leave the rest behind.
 */
final class HalfLogged {

  private record Id(UUID session, long transaction) {}

  private final SchemaSnapshot schema;
  private final Map<Long, Footprint> footprints;
  private final Map<Id, List<Answer>> statements = new HashMap<>();

  private HalfLogged(CheckedBranch checked) {
    this.schema = checked.history().branchNow();
    this.footprints = checked.footprints();
    checked
        .history()
        .answers()
        .forEach(answer ->
            statements
                .computeIfAbsent(
                    new Id(answer.session(), answer.transaction()), _ -> new ArrayList<>())
                .add(answer));
  }

  /** The ids of such units, each with a sentence that says what else its transaction did. */
  static Map<Long, String> units(CheckedBranch checked) {
    HalfLogged half = new HalfLogged(checked);
    Timeline timeline = new Timeline(checked.history().endings(), checked.history().units());
    Map<Long, String> found = new HashMap<>();
    for (Unit unit : checked.units()) {
      List<Ending> owners =
          switch (timeline.owner(unit)) {
            case Owner.One(Ending ending) -> List.of(ending);
            case Owner.Unclear(List<Ending> endings) -> endings;
          };
      owners.stream()
          .flatMap(ending -> half.rest(ending, unit).stream())
          .findFirst()
          .ifPresent(why -> found.put(unit.id(), sentence(why)));
    }
    return found;
  }

  private static String sentence(String rest) {
    return "only a part of what a transaction wrote can be folded back: "
        + rest
        + "; do the two in transactions of their own, and the other part on main as well";
  }

  private Optional<String> rest(Ending ending, Unit unit) {
    List<Answer> all =
        statements.getOrDefault(new Id(ending.session(), ending.transaction()), List.of());
    // What wrote nothing to a log made no unit, whatever the moment of its end.
    boolean onlyBeyond = !all.isEmpty() && all.stream().allMatch(this::writesOnlyBeyond);
    return onlyBeyond
        ? Optional.empty()
        : all.stream()
            .filter(answer -> !wroteNothing(answer))
            .flatMap(answer -> beyondLog(answer).stream())
            .findFirst()
            .or(() -> intoParts(all, unit));
  }

  private static boolean wroteNothing(Answer answer) {
    return answer.told() == Told.REFUSAL
        || (answer.told() == Told.EFFECT && answer.commandTag().endsWith(" 0"));
  }

  private Optional<String> beyondLog(Answer answer) {
    return switch (footprints.get(answer.id())) {
      case Footprint.Unanswerable(var _, Optional<String> beyond, var _) -> beyond;
      case null -> Optional.empty();
      case Footprint.Reads ignored -> beyondLog(targets(answer));
      case Footprint.AlwaysRerun ignored -> beyondLog(targets(answer));
      case Footprint.OwnWrite ignored -> beyondLog(targets(answer));
      case Footprint.NotOfData ignored -> Optional.empty();
    };
  }

  private Optional<String> beyondLog(Set<TableId> tables) {
    return BeyondLog.oneOf(schema, tables).map(table -> "it writes to " + table);
  }

  /** Rows that went into a part of a table which is not logged are missing from the unit. */
  private Optional<String> intoParts(List<Answer> all, Unit unit) {
    Set<TableId> targets = new HashSet<>();
    long told = 0;
    boolean hidden = false;
    for (Answer answer : all) {
      targets.addAll(targets(answer));
      hidden |= traits(answer).filter(Traits::userCode).isPresent();
      told += targets(answer).isEmpty() ? 0 : count(answer.commandTag());
    }
    Set<TableId> family = schema.withDescendants(targets);
    long logged = unit.writes().stream().map(Write::table).filter(family::contains).count();
    return !hidden && told <= logged ? Optional.empty() : beyondLog(family);
  }

  private static long count(String tag) {
    String last = tag.substring(tag.lastIndexOf(' ') + 1);
    return !last.isEmpty() && last.length() < 18 && last.chars().allMatch(Character::isDigit)
        ? Long.parseLong(last)
        : 0;
  }

  private boolean writesOnlyBeyond(Answer answer) {
    Set<TableId> targets = targets(answer);
    return traits(answer).filter(traits -> !traits.userCode()).isPresent()
        && !targets.isEmpty()
        && targets.stream().allMatch(table -> BeyondLog.oneOf(schema, Set.of(table)).isPresent());
  }

  private Set<TableId> targets(Answer answer) {
    return traits(answer).flatMap(Traits::writes).map(Writes::targets).orElse(Set.of());
  }

  private Optional<Traits> traits(Answer answer) {
    return switch (footprints.get(answer.id())) {
      case null -> Optional.empty();
      case Footprint.Reads reads -> Optional.of(reads.traits());
      case Footprint.AlwaysRerun rerun -> Optional.of(rerun.traits());
      case Footprint.OwnWrite own -> Optional.of(own.traits());
      case Footprint.NotOfData ignored -> Optional.empty();
      case Footprint.Unanswerable ignored -> Optional.empty();
    };
  }
}

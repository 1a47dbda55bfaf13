package dev.anabranch.predicate;

import dev.anabranch.ledger.Answer;
import dev.anabranch.predicate.footprint.ClockUse;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.match.ValueReader;
import dev.anabranch.predicate.rule.Elsewhere;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.NextFlip.How;
import dev.anabranch.predicate.world.World;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When each answer of a check can be another by the clock alone.
 *
 * <p>One that depends on the clock can be at any moment, until it was asked and told better. What a
 * statement wrote at its moment stays right, so that this is not about those.
 */
final class NextFlips {

  private static final Set<Long> MOMENTS =
      Set.of(ValueReader.DATE, ValueReader.TIMESTAMP, ValueReader.TIMESTAMPTZ);

  private final World world;
  private final Map<Long, NextFlip> known = new HashMap<>();
  private final Set<Long> understood = new HashSet<>();

  NextFlips(World world) {
    this.world = world;
  }

  /** How an answer moves with the clock, as far as its statement and its parameters tell. */
  private static Optional<ClockUse> use(Answer answer, Traits traits) {
    Optional<ClockUse> told = traits.timeDependent();
    if (!Judge.namesMoment(answer) || told.filter(ClockUse.Anytime.class::isInstance).isPresent()) {
      return told;
    }
    boolean moment =
        answer.question().parameters().stream()
            .anyMatch(parameter -> MOMENTS.contains(parameter.typeOid()));
    return Optional.of(
        moment
            ? new ClockUse.Anytime("a parameter may name a moment")
            : new ClockUse.Suspected("a parameter may name a moment"));
  }

  /**
   * What is to be told when it is asked again.
   *
   * @param altered whether main has what it reads defined otherwise
   */
  static Optional<ClockUse> asked(Answer answer, Traits traits, boolean altered) {
    return use(answer, traits)
        .map(use ->
            altered ? new ClockUse.Anytime("main has what it reads defined otherwise") : use);
  }

  void clear() {
    known.clear();
    understood.clear();
  }

  /** Before it is asked. */
  void note(Answer answer, Footprint footprint, Elsewhere elsewhere) {
    Optional<ClockUse> use = traits(footprint).flatMap(traits -> use(answer, traits));
    if (use.isPresent()) {
      boolean suspected = use.get() instanceof ClockUse.Suspected;
      known.put(
          answer.id(), new NextFlip(world.moment(), suspected ? How.SUSPECTED : How.ANY_MOMENT));
      if (!suspected && !(use.get() instanceof ClockUse.Anytime)) {
        understood.add(answer.id());
      }
    } else if (elsewhere.mayReadTheClock(answer, footprint)) {
      known.put(answer.id(), new NextFlip(world.moment(), How.SUSPECTED));
    }
  }

  private static Optional<Traits> traits(Footprint footprint) {
    return switch (footprint) {
      case Footprint.Reads reads -> Optional.of(reads.traits());
      case Footprint.AlwaysRerun rerun -> Optional.of(rerun.traits());
      case Footprint.OwnWrite own -> Optional.of(own.traits());
      case Footprint.NotOfData ignored -> Optional.empty();
      case Footprint.Unanswerable ignored -> Optional.empty();
    };
  }

  /** What came back; the first flip of several states that it may have seen. */
  void hear(Answer answer, List<World.Reply> replies) {
    NextFlip noted = known.get(answer.id());
    boolean got =
        !replies.isEmpty() && replies.stream().allMatch(World.Reply.Got.class::isInstance);
    if (noted == null || noted.how() == How.SUSPECTED || !got) {
      return;
    }
    How how = understood.contains(answer.id()) ? How.FOUND : How.ANY_MOMENT;
    known.remove(answer.id());
    replies.stream()
        .flatMap(reply -> ((World.Reply.Got) reply).nextFlip().stream())
        .min(Comparator.naturalOrder())
        .ifPresent(at -> known.put(answer.id(), new NextFlip(at, how)));
  }

  Optional<NextFlip> of(Answer answer) {
    return Optional.ofNullable(known.get(answer.id()));
  }
}

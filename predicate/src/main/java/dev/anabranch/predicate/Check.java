package dev.anabranch.predicate;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Answer;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.predicate.Judgement.Decided;
import dev.anabranch.predicate.Judgement.Pending;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.rule.Changes;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides every answer of a branch, as of one position of main.
 *
 * <p>First by algebra on main's changes. If that leaves answers open, a copy of main is made, which
 * fixes a later position; every proof is made again for exactly that position, and what is still
 * open is asked again there. So all verdicts of a report are true as of the same position.
 */
public final class Check {

  private final BranchHistory history;
  private final World world;
  private final Traps traps;
  private final Timeline timeline;
  private final Map<Long, Footprint> footprints = new LinkedHashMap<>();

  public Check(BranchHistory history, World world, Traps traps) {
    this.history = history;
    this.world = world;
    this.traps = traps;
    this.timeline = new Timeline(history.endings(), new Past(history.units(), history.landed()));
  }

  /** What each answer depends on, by its id; after {@link #run()}. */
  public Map<Long, Footprint> footprints() {
    return Map.copyOf(footprints);
  }

  /**
   * @throws dev.anabranch.base.AnabranchException when main or the branch can't be reached
   */
  public CheckReport run() {
    for (Answer answer : history.answers()) {
      world.step();
      footprints.put(answer.id(), world.footprint(answer));
    }
    World.Present present = world.present();
    Map<Answer, Judgement> first = judge(present);
    if (first.values().stream().noneMatch(Pending.class::isInstance)) {
      return report(present, first, Map.of());
    }
    try (World.Replay replay = world.replay()) {
      Map<Answer, Judgement> again = judge(replay);
      return report(replay, again, askAgain(again, replay));
    }
  }

  private Map<Answer, Judgement> judge(World.Present present) {
    Judge judge =
        new Judge(history, world.actsAs(), present.schema(), timeline, changes(present), traps);
    Map<Answer, Judgement> judgements = new LinkedHashMap<>();
    for (Answer answer : answersAboutData()) {
      world.step();
      judgements.put(answer, judge.judge(answer, footprints.getOrDefault(answer.id(), UNKNOWN)));
    }
    return judgements;
  }

  /** All but those that only looked definitions up. */
  private List<Answer> answersAboutData() {
    return history.answers().stream()
        .filter(answer -> !(footprints.get(answer.id()) instanceof Footprint.NotOfData))
        .toList();
  }

  private static final Footprint UNKNOWN = new Footprint.Unanswerable("it was not analysed");

  private Changes changes(World.Present present) {
    if (!present.delta().since().equals(history.forkLsn())) {
      throw new IllegalStateException(
          "changes since "
              + present.delta().since()
              + " for a branch forked at "
              + history.forkLsn());
    }
    return new ForkedChanges(present);
  }

  /** Reads each table's fork images once. */
  private final class ForkedChanges implements Changes {
    private final World.Present present;
    private final Map<TableId, Map<Key, Image>> images = new HashMap<>();

    ForkedChanges(World.Present present) {
      this.present = present;
    }

    @Override
    public TableDelta of(TableId table) {
      return present.delta().of(table);
    }

    @Override
    public Map<Key, Image> forkImages(TableDelta.Rows delta) {
      return images.computeIfAbsent(
          delta.shape().id(),
          ignored ->
              world.forkImages(delta.shape(), delta.rows().stream().map(NewestRow::key).toList()));
    }
  }

  private Map<Answer, Verdict> askAgain(Map<Answer, Judgement> judgements, World.Replay replay) {
    List<World.Ask> asks = new ArrayList<>();
    judgements.forEach((answer, judgement) -> {
      if (judgement instanceof Pending pending) {
        pending.alternatives().forEach(seen -> asks.add(new World.Ask(answer, seen)));
      }
    });
    if (asks.isEmpty()) {
      return Map.of();
    }
    List<World.Reply> replies = replay.ask(List.copyOf(asks));
    Map<Answer, List<World.Reply>> byAnswer = new LinkedHashMap<>();
    for (int i = 0; i < asks.size(); i++) {
      byAnswer
          .computeIfAbsent(asks.get(i).answer(), ignored -> new ArrayList<>())
          .add(replies.get(i));
    }
    Map<Answer, Verdict> verdicts = new LinkedHashMap<>();
    byAnswer.forEach((answer, all) -> {
      if (judgements.get(answer) instanceof Pending pending) {
        verdicts.put(answer, pending.verdict(answer, all));
      }
    });
    return verdicts;
  }

  private CheckReport report(
      World.Present present, Map<Answer, Judgement> judgements, Map<Answer, Verdict> asked) {
    List<CheckReport.Judged> judged = new ArrayList<>();
    judgements.forEach((answer, judgement) -> {
      Verdict verdict =
          switch (judgement) {
            case Decided(Verdict decided) -> decided;
            case Pending ignored -> asked.getOrDefault(answer, NOT_ASKED);
          };
      judged.add(new CheckReport.Judged(answer, verdict));
    });
    return new CheckReport(
        history.forkLsn(),
        present.asOf(),
        List.copyOf(judged),
        history.answers().size() - judged.size());
  }

  private static final Verdict NOT_ASKED =
      new Verdict.Undecided("it could not be asked again", List.of());
}

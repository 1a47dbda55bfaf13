package dev.anabranch.predicate;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Undone;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.rehearsal.Again;
import dev.anabranch.predicate.rehearsal.Redone;
import dev.anabranch.predicate.rehearsal.Review;
import dev.anabranch.predicate.rule.Changes;
import dev.anabranch.predicate.rule.SchemaDrift;
import dev.anabranch.predicate.rule.Stillness;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.timeline.TakenOff;
import dev.anabranch.predicate.timeline.Timeline;
import dev.anabranch.predicate.timeline.UnitPaths;
import dev.anabranch.predicate.world.Rehearsal;
import dev.anabranch.predicate.world.World;
import dev.anabranch.predicate.world.World.Ask;
import dev.anabranch.predicate.world.World.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Executes transactions of a branch again on a copy of main as it is now, to see what they would
 * write.
 *
 * <p>Each is played over what the branch would land before it: its units that are not to be
 * executed again as they are, those that were chosen to be as they came out here, and the others
 * not at all. Whatever rests on one of the others can't land while they are held, so that it makes
 * no difference to anything that does.
 */
public final class Reruns {

  /** More are not looked at in one promotion: decide some, and look again. */
  public static final int MOST = 50;

  private final BranchHistory history;
  private final Map<Long, Footprint> footprints;
  private final World world;
  private final Traps traps;

  /** Tells whether what came out of a transaction is what will land. */
  public interface Choosing {
    boolean isChosen(long unit, Again.Done done);
  }

  /**
   * @param footprints of each answer, by its id
   * @param traps rules that are off
   */
  public Reruns(BranchHistory history, Map<Long, Footprint> footprints, World world, Traps traps) {
    this.history = history;
    this.footprints = footprints;
    this.world = world;
    this.traps = traps;
  }

  /**
   * Executes them, in the order of the branch.
   *
   * @param candidates the units whose transactions are to be executed again, by id
   * @param leftOut the units that never land, by id
   * @return what came of each
   */
  public Map<Long, Again> run(Set<Long> candidates, Set<Long> leftOut, Choosing choosing) {
    Map<Long, Again> found = new LinkedHashMap<>();
    if (!world.beganAsMain()) {
      candidates.forEach(unit ->
          found.put(
              unit,
              new Again.Not("the branch started from another branch, whose rows main has not")));
      return found;
    }
    if (!new SchemaDrift(history.branchAtFork(), history.branchNow()).sameRoutines()) {
      candidates.forEach(unit ->
          found.put(
              unit, new Again.Not("functions, operators or types were changed on the branch")));
      return found;
    }
    try (World.Replay replay = world.replay()) {
      new Round(replay, candidates, leftOut).run(choosing, found);
    }
    return found;
  }

  /** All that is played on one copy. */
  private final class Round {

    private final World.Replay replay;
    private final Transactions transactions;
    private final Scripts scripts;
    private final Stillness stillness;
    private final Numbering numbering;
    private final UnitPaths paths;
    private final List<Unit> laid;
    private final List<Long> waiting;

    Round(World.Replay replay, Set<Long> candidates, Set<Long> leftOut) {
      this.replay = replay;
      Timeline timeline =
          new Timeline(
              history.endings(), new Past(history.units(), history.landed()), Map.of(), traps);
      this.transactions = new Transactions(history, footprints, timeline);
      this.scripts = new Scripts(transactions, () -> TakenOff.NOTHING);
      this.stillness =
          new Stillness(
              new SchemaDrift(history.atFork(), replay.schema()),
              new SchemaDrift(history.branchAtFork(), history.branchNow()),
              new RowsAside());
      this.numbering =
          Numbering.of(
              history.drawn(),
              timeline.past(),
              history.atFork(),
              replay.schema(),
              replay.delta()::of,
              traps);
      this.paths =
          new UnitPaths(timeline.knowing(transactions.owners()), history.answers(), world.actsAs());
      this.laid =
          new ArrayList<>(
              history.units().stream()
                  .map(unit ->
                      candidates.contains(unit.id()) || leftOut.contains(unit.id())
                          ? unit.with(List.of())
                          : unit)
                  .toList());
      this.waiting =
          new ArrayList<>(
              history.units().stream()
                  .map(Unit::id)
                  .filter(unit -> candidates.contains(unit) && !leftOut.contains(unit))
                  .toList());
    }

    /** What was chosen is laid over for those that come after it, which are played again then. */
    void run(Choosing choosing, Map<Long, Again> found) {
      while (waiting.size() > MOST) {
        found.put(
            waiting.removeLast(),
            new Again.Not("there are too many before it to be looked at: decide some of them"));
      }
      while (!waiting.isEmpty()) {
        Map<Long, Again> now = play(List.copyOf(waiting));
        found.putAll(now);
        Optional<Again.Done> chosen = Optional.empty();
        while (!waiting.isEmpty() && chosen.isEmpty()) {
          long unit = waiting.removeFirst();
          if (now.get(unit) instanceof Again.Done done && choosing.isChosen(unit, done)) {
            chosen = Optional.of(done);
          }
        }
        chosen.ifPresent(this::lay);
      }
    }

    private void lay(Again.Done done) {
      laid.replaceAll(unit -> unit.id() == done.unit().id() ? done.unit() : unit);
    }

    private Map<Long, Again> play(List<Long> units) {
      world.step();
      Past past = new Past(laid, history.landed());
      Map<Long, Again> came = new LinkedHashMap<>();
      List<Ask> asks = new ArrayList<>();
      List<Redone> redone = new ArrayList<>();
      for (long id : units) {
        Unit unit = original(id);
        switch (script(unit)) {
          case Scripts.Script.Lost(String why) -> came.put(id, new Again.Not(why));
          case Scripts.Script.Playable(Rehearsal rehearsal) -> {
            Optional<String> obstacle = obstacle(rehearsal);
            if (obstacle.isPresent()) {
              came.put(id, new Again.Not(obstacle.get()));
            } else {
              Rehearsal onto = over(past, rehearsal);
              asks.add(Ask.of(onto));
              redone.add(redone(onto, unit));
            }
          }
        }
      }
      if (!asks.isEmpty()) {
        List<Reply> replies = replay.ask(List.copyOf(asks), numbering, paths);
        for (int i = 0; i < redone.size(); i++) {
          came.put(redone.get(i).unit().id(), redone.get(i).of(replies.get(i)));
        }
      }
      return came;
    }

    private Unit original(long id) {
      return history.units().stream().filter(unit -> unit.id() == id).findFirst().orElseThrow();
    }

    private Scripts.Script script(Unit unit) {
      Optional<Ending> owner = Optional.ofNullable(transactions.owners().get(unit.id()));
      return owner
          .flatMap(ending ->
              history.answers().stream()
                  .filter(answer ->
                      answer.session().equals(ending.session())
                          && answer.transaction() == ending.transaction()
                          && transactions.mayWrite(answer))
                  .findFirst())
          .map(scripts::of)
          .orElseGet(() -> new Scripts.Script.Lost("nobody knows whose transaction it was"));
    }

    private Optional<String> obstacle(Rehearsal rehearsal) {
      if (!rehearsal.takenOff().isEmpty()) {
        return Optional.of("what its transaction wrote is on main");
      }
      if (!rehearsal.whole() || rehearsal.unit().isEmpty()) {
        return Optional.of("what its transaction wrote is not known for sure");
      }
      if (!rehearsal.takenBack().isEmpty()
          || rehearsal.statements().stream().anyMatch(answer -> mayBeUndone(answer))) {
        return Optional.of("its transaction was rolled back in part");
      }
      if (rehearsal.statements().stream().anyMatch(transactions::leftSettings)) {
        return Optional.of("it may have left its session other settings");
      }
      return Optional.empty();
    }

    private boolean mayBeUndone(Answer answer) {
      return history.endings().stream()
          .filter(ending ->
              ending.session().equals(answer.session())
                  && ending.transaction() == answer.transaction())
          .anyMatch(ending -> !ending.undone().equals(Undone.nothing()));
    }

    private Rehearsal over(Past past, Rehearsal rehearsal) {
      Seen seen = rehearsal.seen();
      return new Rehearsal(
          rehearsal.statements(),
          rehearsal.takenBack(),
          new Seen(past, seen.upTo(), seen.missing(), Optional.empty()),
          rehearsal.uncertain(),
          rehearsal.unit(),
          rehearsal.takenOff(),
          rehearsal.later(),
          rehearsal.clock(),
          rehearsal.whole());
    }

    private Redone redone(Rehearsal rehearsal, Unit unit) {
      boolean saysAll = rehearsal.statements().stream().allMatch(transactions::tellsAll);
      return new Redone(
          new Review(rehearsal, Traits.RowOrder.NONE, stillness, traps),
          unit,
          history.atFork(),
          history.branchNow(),
          replay.schema(),
          saysAll);
    }

    /** Nothing is proved here from what main has changed. */
    private final class RowsAside implements Changes {
      @Override
      public TableDelta of(TableId table) {
        return replay.delta().of(table);
      }

      @Override
      public Map<Key, Image> forkImages(TableDelta.Rows delta) {
        return world.forkImages(delta.shape(), delta.rows().stream().map(NewestRow::key).toList());
      }
    }
  }
}

package dev.anabranch.promote;

import dev.anabranch.base.Traps;
import dev.anabranch.promote.Promoter.Moment;
import dev.anabranch.promote.Promotions.Origin;
import dev.anabranch.promote.apply.Attempt;
import dev.anabranch.promote.apply.CommitWatch;
import dev.anabranch.promote.apply.MainWriter;
import dev.anabranch.promote.apply.NumberPool;
import dev.anabranch.promote.apply.WriteManner;
import dev.anabranch.promote.assertion.Assertions;
import dev.anabranch.promote.fence.Fence;
import dev.anabranch.promote.plan.Footing;
import dev.anabranch.promote.plan.Ground;
import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.Written;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Brings a plan to main so that a crash at any moment ends in once or not at all: it is stored that
 * it is begun, then, before main is asked to commit, which transaction it is and what it wrote.
 */
final class Landing {

  /** How often a refusal may be for what main has done since the plan. */
  static final int SECOND_LOOKS = 4;

  private final MainWriter main;
  private final Promotions promotions;
  private final Clock clock;
  private final Consumer<Moment> passing;

  /** Promotions write one after another; what waits here holds no lock on main. */
  private final ReentrantLock turn = new ReentrantLock();

  /**
   * @param passing is told how far it has come
   */
  Landing(MainWriter main, Promotions promotions, Clock clock, Consumer<Moment> passing) {
    this.main = main;
    this.promotions = promotions;
    this.clock = clock;
    this.passing = passing;
  }

  /**
   * A plan, and how it is to be brought to main.
   *
   * @param id the promotion's id
   * @param origin whose work it is
   * @param mainSystem the identifier of the main that it is for
   * @param plan what to write
   * @param ground what the work stood on
   * @param fence what to lock before the commit
   * @param manner how it treats what it can't have
   * @param pool the numbers that this promotion has drawn already
   * @param searchPath a unit's search_path, empty where it is not known
   * @param traps rules that are off
   * @param assertions what has to be true of main then
   * @param receipt of what is about to be committed
   */
  record Load(
      String id,
      Origin origin,
      String mainSystem,
      Plan plan,
      Ground ground,
      Fence fence,
      WriteManner manner,
      NumberPool pool,
      LongFunction<String> searchPath,
      Traps traps,
      Assertions assertions,
      Function<Numbered, Receipt> receipt) {}

  /** Tells how far what it has written has come. */
  void passed(Moment moment) {
    passing.accept(moment);
  }

  /** Tries once. */
  Attempt write(Load load) {
    promotions.begin(load.id(), load.origin(), load.mainSystem(), load.plan(), clock.instant());
    passing.accept(Moment.BEGUN_STORED);
    turn.lock();
    try {
      Attempt attempt =
          main.write(
              load.id(),
              load.plan(),
              load.fence(),
              load.manner(),
              load.pool(),
              load.searchPath(),
              load.traps(),
              load.assertions(),
              new Watch(load));
      if (!(attempt instanceof Attempt.Committed) && !(attempt instanceof Attempt.Unknown)) {
        promotions.notLanded(load.id(), Optional.empty(), clock.instant());
      }
      return attempt;
    } catch (RuntimeException e) {
      promotions.notLanded(load.id(), Optional.empty(), clock.instant());
      throw e;
    } finally {
      turn.unlock();
    }
  }

  /** Keeps what is written, and stores the intent when all of it is. */
  private final class Watch implements CommitWatch {

    private final Load load;
    private final WrittenStore.Keeping keeping;

    private Watch(Load load) {
      this.load = load;
      this.keeping = promotions.written().keeping(load.id());
    }

    @Override
    public int mark() {
      return keeping.mark();
    }

    @Override
    public void backTo(int mark) {
      keeping.backTo(mark);
    }

    @Override
    public void wrote(List<Written> rows) {
      keeping.keep(rows);
    }

    @Override
    public void beforeCommit(long transactionId, Numbered numbered) {
      keeping.flush();
      promotions.aboutToCommit(
          load.id(),
          transactionId,
          numbered.renumberings(),
          footing(load),
          load.receipt().apply(numbered));
      passing.accept(Moment.INTENT_STORED);
    }
  }

  private static Footing footing(Load load) {
    Map<Long, String> paths = new HashMap<>();
    for (long unit : load.plan().landing()) {
      String path = load.searchPath().apply(unit);
      if (!path.isEmpty()) {
        paths.put(unit, path);
      }
    }
    return Footing.of(load.plan(), load.ground(), paths);
  }
}

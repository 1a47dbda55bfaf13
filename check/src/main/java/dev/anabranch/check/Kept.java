package dev.anabranch.check;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.MainFeed;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.Definitions;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.Standing;
import dev.anabranch.predicate.footprint.Catalog;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.timeline.Landed;
import java.lang.ref.SoftReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What checks leave for the next ones. All of it can be read again, and is when memory is short:
 * nothing here is the only place where something is known.
 */
final class Kept {

  private final Definitions ofMain = new Definitions();
  private final ConcurrentMap<Lsn, SoftReference<Fork>> forks = new ConcurrentHashMap<>();
  private final ConcurrentMap<BranchId, SoftReference<OfBranch>> branches =
      new ConcurrentHashMap<>();

  /** What is known of one fork point: its rows, and what main has changed since. */
  static final class Fork {
    private final Lsn lsn;
    private final ForkRows rows = new ForkRows();
    private Optional<Delta> newest = Optional.empty();

    private Fork(Lsn lsn) {
      this.lsn = lsn;
    }

    ForkRows rows() {
      return rows;
    }

    /** Main's changes up to where the feed stands. */
    synchronized Delta delta(MainFeed feed) {
      Delta delta =
          newest
              .map(earlier -> feed.deltaSince(lsn, earlier))
              .orElseGet(() -> feed.deltaSince(lsn));
      newest = Optional.of(delta);
      return delta;
    }
  }

  /**
   * What the last preparation knew of.
   *
   * @param tick the last of the ledger's before it
   * @param changes of main
   */
  record Prepared(long tick, Landed landed, Map<TableId, TableDelta> changes) {}

  /**
   * A question, and what it depends on.
   *
   * @param question the very object, as answers are kept
   */
  record Analysed(Question question, Footprint footprint) {

    @SuppressWarnings(
        "ReferenceEquality") // comparing texts and settings would cost what this saves
    boolean isOf(Question other) {
      return question == other;
    }
  }

  /** What is known of one branch; used by one check at a time. */
  static final class OfBranch {

    private static final int REST = 9;

    private final Definitions definitions = new Definitions();
    private final Map<Analyst.Shape, Footprint> footprints = new HashMap<>();
    private final Map<Long, Analysed> analysed = new HashMap<>();
    private Optional<Catalog> catalog = Optional.empty();
    private Optional<Checked> last = Optional.empty();
    private Optional<Standing> standing = Optional.empty();
    private Optional<Prepared> prepared = Optional.empty();
    private List<Answer> answers = List.of();
    private List<Unit> units = List.of();
    private long notBefore = System.nanoTime();
    private String version = "";
    private Combining combining = Combining.NONE;

    /** The same while the same columns combine; of another time nothing is left. */
    OfBranch under(Combining columns) {
      if (!combining.equals(columns)) {
        combining = columns;
        footprints.clear();
        analysed.clear();
        last = Optional.empty();
        standing = Optional.empty();
        prepared = Optional.empty();
      }
      return this;
    }

    Combining combining() {
      return combining;
    }

    /** The branch's answers; none is read again, or held twice, that an earlier check has read. */
    List<Answer> answers(Ledger ledger, BranchId branch) {
      long known = answers.isEmpty() ? 0 : answers.getLast().id();
      List<Answer> since = ledger.answers(branch, known);
      if (!since.isEmpty()) {
        answers = Stream.concat(answers.stream(), since.stream()).toList();
      }
      return answers;
    }

    /** The branch's units; none is read again, or held twice, that an earlier check has read. */
    List<Unit> units(Ledger ledger, BranchId branch) {
      Lsn known = units.isEmpty() ? Lsn.ZERO : units.getLast().commitLsn();
      List<Unit> since = ledger.units(branch, known);
      if (!since.isEmpty()) {
        units = Stream.concat(units.stream(), since.stream()).toList();
      }
      return units;
    }

    /** Whether there is anything new, and it is time for it. */
    boolean isToBePrepared(Prepared now) {
      return prepared.filter(now::equals).isEmpty() && System.nanoTime() - notBefore >= 0;
    }

    /** So much time is spent again only after a rest of {@link #REST} times as much. */
    void keep(Prepared now, Duration spent) {
      prepared = Optional.of(now);
      notBefore = System.nanoTime() + spent.multipliedBy(REST).toNanos();
    }

    Definitions definitions() {
      return definitions;
    }

    /** The last check, if what it says can be said again while nothing has happened. */
    Optional<Checked> last() {
      return last;
    }

    void keep(Optional<Checked> checked) {
      last = checked;
    }

    /**
     * What the last check found with every rule on; nothing where one is off, but for that about
     * what is kept.
     */
    Optional<Standing> standing(Traps traps) {
      return traps.equals(Traps.NONE) || traps.has(Trap.KEPT_WHATEVER_CHANGES)
          ? standing
          : Optional.empty();
    }

    void keep(Optional<Standing> found, Traps traps) {
      if (traps.equals(Traps.NONE)) {
        standing = found;
      }
    }

    /** Footprints by what was asked, under the definitions that were read last. */
    Map<Analyst.Shape, Footprint> footprints() {
      refresh();
      return footprints;
    }

    /** The same by answers' ids: what an answer asked need not be told apart again. */
    Map<Long, Analysed> analysed() {
      refresh();
      return analysed;
    }

    Optional<Catalog> catalog() {
      refresh();
      return catalog;
    }

    void keep(Catalog read) {
      catalog = Optional.of(read);
    }

    private void refresh() {
      if (!definitions.version().equals(version)) {
        footprints.clear();
        analysed.clear();
        catalog = Optional.empty();
        version = definitions.version();
      }
    }
  }

  /**
   * A check, and what it was made of.
   *
   * @param branch the end of the branch's log, all of which it knew
   * @param unit where the last of the branch's units is in it
   * @param tick the last of the ledger's that it may not have known the entries after
   * @param main what main was
   */
  record Checked(
      Lsn branch,
      Lsn unit,
      long tick,
      Landed landed,
      Delta delta,
      SchemaSnapshot main,
      CheckedBranch result) {

    /** Whether main is the same, at whatever position. */
    boolean isOf(Delta changes, SchemaSnapshot definitions) {
      return delta.since().equals(changes.since())
          && delta.tables().equals(changes.tables())
          && main.equals(definitions.at(main.asOf()));
    }
  }

  Definitions ofMain() {
    return ofMain;
  }

  Fork fork(Lsn lsn) {
    return kept(forks, lsn, () -> new Fork(lsn));
  }

  OfBranch branch(BranchId branch) {
    return kept(branches, branch, OfBranch::new);
  }

  private static <K, V> V kept(ConcurrentMap<K, SoftReference<V>> all, K key, Supplier<V> fresh) {
    all.values().removeIf(reference -> reference.get() == null);
    while (true) {
      V made = fresh.get();
      V found =
          all.compute(
                  key,
                  (ignored, reference) ->
                      reference == null || reference.get() == null
                          ? new SoftReference<>(made)
                          : reference)
              .get();
      if (found != null) {
        return found;
      }
    }
  }
}

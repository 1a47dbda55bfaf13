package dev.anabranch.predicate.world;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Result;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.ClockUse;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.timeline.UnitPaths;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a check needs from outside. Failures come as {@link dev.anabranch.base.AnabranchException}
 * and end the check.
 */
public interface World {

  /**
   * Between two steps of a check; throws when nobody waits for its report any more, and the check
   * ends there.
   */
  default void step() {}

  /** The time now, by the clock of what is asked. */
  Instant moment();

  /** What main is at a position at or after the one it had when the check began. */
  Present present();

  /** What main is as far as that is known here already; nothing can be asked there. */
  Present known();

  /** A private copy of main as it is at a later position, to ask questions again on. */
  Replay replay();

  /** Whether the branch began with main's rows and definitions, and not with another branch's. */
  boolean beganAsMain();

  /** What an answer depends on; never throws for a statement that can't be analysed. */
  Footprint footprint(Answer answer);

  /** The role whose rights the branch's client has, under the name that main knows it by. */
  String actsAs();

  /**
   * Rows as they were at the fork point, by their own key's text; keys without a row are left out.
   */
  Map<Key, Image> forkImages(TableShape shape, Collection<Key> keys);

  /** Main at one position. */
  interface Present extends AutoCloseable {

    /** The changes since the fork point; its {@code asOf} is the position. */
    Delta delta();

    /** Main's definitions, read at that position or later. */
    SchemaSnapshot schema();

    default Lsn asOf() {
      return delta().asOf();
    }

    /**
     * What main tells at exactly that position: one reply for each question, in the same order.
     * Empty where it can't be asked there, or not all of them; that says nothing of any answer.
     *
     * @param questions of main alone, which mean the same whoever asks
     */
    default Optional<List<Reply.Got>> tell(List<Ask> questions) {
      return Optional.empty();
    }

    /**
     * What tables hold at exactly that position: the same mark at another, and their rows are the
     * same there. Tables that can't be marked are left out, and all where nobody will ask.
     */
    default Map<TableId, String> marks(Set<TableId> tables) {
      return Map.of();
    }

    @Override
    default void close() {}
  }

  /** Main at one position, and a scratch copy of it. */
  interface Replay extends Present {

    /**
     * One reply for each question, in the same order.
     *
     * @param numbering what the branch's rows are called there; what is asked again where a row is
     *     that can't keep its number is noted as contradicted
     * @param paths where the code that the branch's rows run looks for names
     */
    List<Reply> ask(List<Ask> questions, Numbering numbering, UnitPaths paths);

    @Override
    void close();
  }

  /**
   * A question to be asked again.
   *
   * @param answer the question's; of a rehearsal, its last
   * @param seen the branch's writes to lay over main first
   * @param rehearsal the statements to execute, and what they do to be watched; empty to ask the
   *     one question
   * @param traced whether to tell which tables the question reads
   * @param amongLocked whether the same rows count that come with others locked
   * @param clock how the answer moves with the clock, where it is to be told when it can be another
   */
  record Ask(
      Answer answer,
      Seen seen,
      Optional<Rehearsal> rehearsal,
      boolean traced,
      boolean amongLocked,
      Optional<ClockUse> clock) {

    public Ask(
        Answer answer, Seen seen, boolean traced, boolean amongLocked, Optional<ClockUse> clock) {
      this(answer, seen, Optional.empty(), traced, amongLocked, clock);
    }

    public static Ask of(Rehearsal rehearsal) {
      return new Ask(
          rehearsal.statements().getLast(),
          rehearsal.seen(),
          Optional.of(rehearsal),
          false,
          false,
          Optional.empty());
    }
  }

  /**
   * A place where main's rows are not as a write of the branch found them.
   *
   * @param key of the row, when it is the one that the write was about, and is now as the branch or
   *     main has it; empty: the write is not in what was asked, wholly or in part
   * @param onlyInName whether all of the row is there but the number that it will go by, which is
   *     no other row's
   */
  record Contradiction(TableId table, Optional<Key> key, boolean onlyInName) {
    public Contradiction(TableId table, Optional<Key> key) {
      this(table, key, false);
    }
  }

  /** What came back from asking again. */
  sealed interface Reply {

    /**
     * @param contradicted where main and the branch's writes did not fit together
     * @param read the tables whose rows it came from, and perhaps more; empty where that was not
     *     asked
     * @param nextFlip no later than when it can be another by the clock alone; empty where it can't
     *     be any more, or that was not asked
     */
    record Got(
        Result result,
        Set<Contradiction> contradicted,
        Optional<Set<TableId>> read,
        Optional<Instant> nextFlip)
        implements Reply {
      public Got(Result result, Set<Contradiction> contradicted) {
        this(result, contradicted, Optional.empty(), Optional.empty());
      }
    }

    /**
     * A rehearsal, played twice over the same rows: what differs between the two was drawn.
     *
     * @param contradicted where main and the branch's writes did not fit together
     */
    record Performed(Performance first, Performance second, Set<Contradiction> contradicted)
        implements Reply {}

    record Failed(String why) implements Reply {}
  }
}

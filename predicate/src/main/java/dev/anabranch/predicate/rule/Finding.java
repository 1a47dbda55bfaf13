package dev.anabranch.predicate.rule;

import dev.anabranch.base.TableId;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Proof;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What the changes alone say about an answer, or about a part of what it read. */
public sealed interface Finding {

  /** The changed rows that speak against it. */
  Tally tally();

  /** What is known when another part is looked at as well: the worse of the two. */
  Finding and(Finding other);

  /**
   * It is the same.
   *
   * @param proof the dearest that was needed
   */
  record Proven(Proof proof, String reason) implements Finding {
    @Override
    public Tally tally() {
      return Tally.NOTHING;
    }

    @Override
    public Finding and(Finding other) {
      return other instanceof Proven next && next.proof.compareTo(proof) < 0 ? this : other;
    }
  }

  /**
   * It may be another: ask again.
   *
   * @param because what the changes do not tell
   * @param unexamined tables that were not looked at for contradictions
   * @param movement the rows that moved, where the statement follows a rule
   */
  record Open(
      AskedBecause because, Tally tally, Set<TableId> unexamined, Optional<Movement> movement)
      implements Finding {
    public Open {
      unexamined = Set.copyOf(unexamined);
    }

    public Open(AskedBecause because, Tally tally, Set<TableId> unexamined) {
      this(because, tally, unexamined, Optional.empty());
    }

    @Override
    public Finding and(Finding other) {
      return switch (other) {
        case Proven ignored -> this;
        case Open next -> {
          Set<TableId> tables = new HashSet<>(unexamined);
          tables.addAll(next.unexamined);
          yield new Open(because, tally.plus(next.tally), tables);
        }
        case Contradicted found -> found.and(this);
      };
    }
  }

  /**
   * Main and the branch contradict each other in rows that bear on it; asking again would hide
   * that.
   */
  record Contradicted(String why, Tally tally) implements Finding {
    @Override
    public Finding and(Finding other) {
      return new Contradicted(why, tally.plus(other.tally()));
    }
  }
}

package dev.anabranch.predicate.verdict;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether one answer still holds. Only meaningful with the LSN of the {@link
 * dev.anabranch.predicate.CheckReport} that carries it.
 */
public sealed interface Verdict {

  /** The cheapest proof, NONE for undecided. */
  Proof proof();

  /** As people and programs read it. */
  default String word() {
    return switch (this) {
      case Holds holds -> "holds";
      case Changed changed -> "changed";
      case Undecided undecided -> "undecided";
    };
  }

  /** One short clause for people. */
  String reason();

  /** Executed on main now, with the branch's own earlier writes applied, it returns the same. */
  record Holds(Proof proof, String reason) implements Verdict {}

  /**
   * It would be another.
   *
   * @param now the rows as they would be, when few enough to show
   * @param digest of all that it would be, or do, whatever its size: another when any of it is
   * @param evidence the changed rows behind it, at most {@value #EVIDENCE_LIMIT}
   */
  record Changed(
      Proof proof,
      String reason,
      Optional<List<List<@Nullable String>>> now,
      String digest,
      List<Evidence> evidence)
      implements Verdict {}

  /**
   * It can't be told.
   *
   * @param cause what kind of reason it is
   */
  record Undecided(Cause cause, String reason, List<Evidence> evidence) implements Verdict {
    @Override
    public Proof proof() {
      return Proof.NONE;
    }
  }

  /** The most changed rows that a verdict names. */
  int EVIDENCE_LIMIT = 20;
}

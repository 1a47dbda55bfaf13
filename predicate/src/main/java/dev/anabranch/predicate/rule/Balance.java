package dev.anabranch.predicate.rule;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.match.Truth;
import dev.anabranch.predicate.overlay.ChangedRows;
import dev.anabranch.predicate.overlay.RowThenAndNow;
import dev.anabranch.predicate.overlay.RowThenAndNow.Conflict;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Evidence;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the changed rows put into one occurrence, and what they take out of it. */
final class Balance {

  private final Traps traps;
  private final Optional<Movement> movement;
  private final List<Contribution> contributions = new ArrayList<>();
  private final List<Evidence> evidence = new ArrayList<>();
  private Proof proof = Proof.UNTOUCHED;
  private boolean outsideColumns;
  private boolean outsideRows;
  private boolean matched;
  private int entered;
  private int left;
  private int changed;
  private int count;
  private int unknowns;

  /** What a row puts in (1) or takes out (-1). */
  private record Contribution(Image row, List<Integer> places, int sign) {}

  /**
   * @param movement what moved, where the statement follows a rule
   */
  Balance(Optional<Movement> movement, Traps traps) {
    this.movement = movement;
    this.traps = traps;
  }

  void somethingChanged(Proof atLeast) {
    proof = atLeast;
  }

  /**
   * Takes main's own changes, and looks at no more of them than have to be: the others differ in no
   * column that is read, or match neither before nor after.
   */
  void addAll(ChangedRows rows, Look look) {
    if (!rows.differAt(look.places())) {
      outsideColumns |= !rows.isEmpty();
      return;
    }
    List<RowThenAndNow> found =
        rows.mayMatch(look.occurrence().condition(), look.layout(), look.matcher());
    outsideRows |= found.size() < rows.size();
    for (RowThenAndNow change : found) {
      add(change, look, movement);
    }
  }

  /** Takes a change of a row that the branch wrote too: no rule follows from it. */
  void add(RowThenAndNow change, Look look) {
    if (add(change, look, Optional.empty())) {
      movement.ifPresent(Movement::doubt);
    }
  }

  /** Takes a change, and says whether it is one of a row that may match, before or after. */
  private boolean add(RowThenAndNow change, Look look, Optional<Movement> moved) {
    if (look.sameWhereRead(change)) {
      outsideColumns = true;
      return false;
    }
    Set<Integer> doubtful =
        change.conflict() instanceof Conflict.Cells(var cells) ? cells : Set.of();
    Truth before = look.decide(change.before(), Set.of());
    Truth after = look.decide(change.after(), doubtful);
    boolean was = !traps.has(Trap.NO_BEFORE_IMAGE) && before.mayBeTrue();
    boolean is = after.mayBeTrue();
    if (!was && !is) {
      outsideRows = true;
      return false;
    }
    matched = true;
    if (was) {
      contributions.add(new Contribution(change.before().orElseThrow(), look.places(), -1));
    }
    if (is) {
      contributions.add(new Contribution(change.after().orElseThrow(), look.places(), 1));
    }
    count(was, is);
    if (evidence.size() < Verdict.EVIDENCE_LIMIT) {
      evidence.add(look.evidence(change));
    }
    moved.ifPresent(movements -> movements.add(change, before, after, look));
    return true;
  }

  private void count(boolean was, boolean is) {
    entered += is && !was ? 1 : 0;
    left += was && !is ? 1 : 0;
    changed += was && is ? 1 : 0;
    count += (is ? 1 : 0) - (was ? 1 : 0);
  }

  /**
   * Cells whose value was not sent and can't be found are like no other cell, so they never cancel
   * out.
   */
  private List<Cell> cells(Image image, List<Integer> places) {
    List<Cell> cells = new ArrayList<>(places.size());
    for (int place : places) {
      Cell cell = image.cells().get(place);
      cells.add(cell == Cell.Absent.UNCHANGED ? new Cell.Text("\0unknown " + unknowns++) : cell);
    }
    return cells;
  }

  /** Whether a changed row may match, before or after. */
  boolean isMatched() {
    return matched;
  }

  private boolean cancelOut() {
    Map<List<Cell>, Integer> net = new HashMap<>();
    for (Contribution one : contributions) {
      net.merge(cells(one.row(), one.places()), one.sign(), Integer::sum);
    }
    return net.values().stream().allMatch(left -> left == 0);
  }

  Finding finding() {
    // As many rows as before, or something is left over for certain.
    boolean balanced = count == 0 && (traps.has(Trap.COUNTS_ONLY) || cancelOut());
    if (!balanced) {
      Tally tally = new Tally(entered, left, changed, evidence);
      return new Finding.Open(AskedBecause.ROWS_CHANGED, tally, Set.of(), movement);
    }
    if (proof == Proof.UNTOUCHED || matched) {
      return new Finding.Proven(proof, "");
    }
    if (outsideRows) {
      return new Finding.Proven(Proof.PREDICATE, "");
    }
    return new Finding.Proven(outsideColumns ? Proof.COLUMNS : Proof.NET, "");
  }
}

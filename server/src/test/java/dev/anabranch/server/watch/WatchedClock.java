package dev.anabranch.server.watch;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Lifetime;
import dev.anabranch.branch.TaskBy;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A branch on which nothing moves but the clock, and both only when they are told to: its one
 * answer holds until a moment, and is undecided from then on.
 */
public final class WatchedClock implements Watched, InstantSource {

  public static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  public static final BranchName NAME = new BranchName("clock");

  private final Instant flip;
  private volatile Instant now = START;
  private volatile long moved;
  final AtomicInteger checks = new AtomicInteger();
  final AtomicInteger looks = new AtomicInteger();

  public WatchedClock(Instant flip) {
    this.flip = flip;
  }

  public void set(Instant moment) {
    now = moment;
  }

  @Override
  public Instant instant() {
    looks.incrementAndGet();
    return now;
  }

  @Override
  public CheckReport check(Branch branch) {
    checks.incrementAndGet();
    return now.isBefore(flip)
        ? report("holds", new NextFlip(flip, NextFlip.How.FOUND))
        : report("turned");
  }

  /** Of as many answers as there are flips, and one at least. */
  public static CheckReport report(String reason, NextFlip... flips) {
    Verdict verdict =
        reason.equals("holds")
            ? new Verdict.Holds(Proof.RERUN, reason)
            : new Verdict.Undecided(Cause.TIES, reason, List.of());
    List<CheckReport.Judged> judged = new ArrayList<>();
    for (NextFlip flip : flips) {
      judged.add(
          new CheckReport.Judged(answer(judged.size() + 1L), verdict, false, Optional.of(flip)));
    }
    if (judged.isEmpty()) {
      judged.add(new CheckReport.Judged(answer(1), verdict));
    }
    return new CheckReport(Lsn.ZERO, Lsn.ZERO, judged, 0);
  }

  private static Answer answer(long id) {
    return new Answer(
        id,
        new BranchId(1),
        new UUID(0, 1),
        new Task.SessionAlone(),
        1,
        1,
        new Span(1, 2),
        new OwnWrites.None(),
        new Question("SELECT count(*) FROM t WHERE due > now()", List.of(), new TreeMap<>()),
        new Result(List.of(), 1, true, true, 1, 1, Optional.empty()),
        "SELECT 1",
        START);
  }

  @Override
  public Branch get(BranchName name) {
    return new Branch(
        new BranchId(1),
        name,
        Branch.State.READY,
        Lsn.ZERO,
        START,
        new Lifetime.NoExpiry(),
        Optional.empty(),
        "app",
        "anabranch_client",
        "secret",
        false,
        START,
        "",
        "",
        false,
        TaskBy.WINDOW,
        Optional.empty());
  }

  @Override
  public Optional<Branch> find(BranchId branch) {
    return Optional.of(get(NAME));
  }

  @Override
  public boolean isTaken(BranchName name) {
    return true;
  }

  @Override
  public Lsn main() {
    return new Lsn(moved);
  }

  /** Main has moved since each report, so that the branch is looked at again and again. */
  public void move() {
    moved = 1;
  }

  @Override
  public long asked(BranchId branch) {
    return 0;
  }

  @Override
  public boolean isUsed(BranchId branch) {
    return true;
  }
}

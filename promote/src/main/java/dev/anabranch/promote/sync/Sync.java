package dev.anabranch.promote.sync;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Branches;
import dev.anabranch.branch.Renewal.NextLife;
import dev.anabranch.check.BranchDefinitions;
import dev.anabranch.check.ForkSchemas;
import dev.anabranch.check.wal.BranchLog;
import dev.anabranch.check.wal.NextLedger;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.promote.Inspection;
import dev.anabranch.promote.Outlook;
import dev.anabranch.promote.PromoteRequest;
import dev.anabranch.promote.Promoter;
import dev.anabranch.promote.Recheck;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Renumbering;
import dev.anabranch.promote.sync.Crossing.MovedException;
import dev.anabranch.promote.sync.Synced.Fork;
import dev.anabranch.promote.sync.Synced.Outcome;
import dev.anabranch.promote.sync.Synced.Renumbered;
import dev.anabranch.promote.sync.Synced.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Moves a branch onto main as it is now, with its work and its answers: a next life of the same
 * name is made of a new image, each unit that comes along is done again there, and the answers that
 * hold as of that image are given to it. All or nothing: until the next life has taken over, the
 * one before is what it was.
 *
 * <p>What the plan and the check say has to be true of the image. So main's changes between the two
 * are looked at, the plan is written on the image and rolled back, and what was committed on the
 * branch meanwhile makes it begin anew, a bounded number of times.
 */
public final class Sync {

  private static final int ATTEMPTS = 4;

  private static final Duration FEED_PATIENCE = Duration.ofMinutes(1);

  /**
   * What a sync works with.
   *
   * @param recheck looks at the window between the check and the image
   * @param flush returns when every answer that clients of a branch have got is in the ledger
   * @param forget keeps nothing of a life that nobody has logged in to yet: it has a ledger by now,
   *     and goes on from that
   * @param taskGap how long nobody works before the next window of work begins
   */
  public record Parts(
      Promoter promoter,
      Branches branches,
      Ledger ledger,
      BranchLog log,
      ForkSchemas schemas,
      Recheck recheck,
      Consumer<BranchId> flush,
      Consumer<BranchId> forget,
      Duration taskGap) {}

  private final Parts parts;
  private final PromoteRequest request;
  private final Branch branch;
  private @Nullable LifeFence fence;

  private Sync(Parts parts, PromoteRequest request, Branch branch) {
    this.parts = parts;
    this.request = request;
    this.branch = branch;
  }

  /**
   * Syncs a branch, or says what that would do.
   *
   * @param request its decisions and what it accepts; nothing is promoted
   * @throws AnabranchException SYNC_REFUSED, SYNC_CONFLICT, those of a promotion's dry run and of a
   *     reset; the branch is as it was then
   */
  public static Synced run(Parts parts, PromoteRequest request) {
    Branch branch = parts.branches().get(request.branch());
    Sync sync = new Sync(parts, request, branch);
    return parts.promoter().succeed(request.branch(), branch.id(), sync::attempts, Synced::isDone);
  }

  private Synced attempts(Function<PromoteRequest, Outlook> looks) {
    String why = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Outlook outlook = looks.apply(attempt == 0 ? request : decided());
      try {
        return attempt(outlook);
      } catch (MovedMeanwhile e) {
        why = String.valueOf(e.getMessage());
      } finally {
        endFence();
      }
    }
    throw new AnabranchException(ErrorCode.SYNC_CONFLICT, branch.name(), why);
  }

  private Synced attempt(Outlook outlook) {
    if (!outlook.inspection().branch().id().equals(branch.id())) {
      throw new AnabranchException(ErrorCode.BRANCH_STARTING, branch.name());
    }
    requireMainsDefinitions(outlook);
    Cargo.requirePossible(outlook);
    if (!outlook.plan().held().isEmpty()) {
      return held(outlook);
    }
    Cargo cargo =
        new Cargo(
            outlook, parts.ledger().answers(branch.id()), parts.ledger().endings(branch.id()));
    Set<Long> accepted = cargo.requirePremises(parts.taskGap());
    return request.dryRun() ? synced(cargo, Optional.empty(), accepted, List.of()) : over(cargo);
  }

  /** What was decided is decided. */
  private PromoteRequest decided() {
    return new PromoteRequest(
        request.branch(), request.dryRun(), request.strict(), request.accept());
  }

  /** Something moved; it may be tried again. */
  private static final class MovedMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MovedMeanwhile(String why) {
      super(why);
    }
  }

  private void requireMainsDefinitions(Outlook outlook) {
    Optional<String> own = ownDefinition();
    if (own.isPresent()) {
      throw Cargo.refused(
          outlook,
          "definitions were changed on it ('"
              + own.get()
              + "'), and schema changes are not carried over");
    }
  }

  private Optional<String> ownDefinition() {
    try (Connection connection = parts.branches().connectAsOwner(branch)) {
      return BranchDefinitions.own(connection);
    } catch (SQLException e) {
      throw failed("reading a branch's definitions", e);
    }
  }

  private static AnabranchException failed(String doing, SQLException e) {
    return new AnabranchException(
        ErrorCode.POSTGRES_FAILED, e, doing, String.valueOf(e.getMessage()));
  }

  private Synced over(Cargo cargo) {
    Passage passage = new Passage(cargo);
    Branch now = parts.branches().renew(branch, passage::fill);
    return synced(
        cargo,
        Optional.of(new Fork(now.forkLsn(), now.forkTime())),
        passage.accepted,
        passage.renumbered);
  }

  /** From here on nobody writes to the life before, until it has ended or this attempt has. */
  private void fence() {
    try {
      fence = LifeFence.around(branch, parts.branches().connectAsOwner(branch));
    } catch (SQLException e) {
      throw failed("keeping writers from a branch", e);
    }
    parts.flush().accept(branch.id());
  }

  private void endFence() {
    if (fence != null) {
      fence.close();
      fence = null;
    }
  }

  /** One way from one life to the next. */
  private final class Passage {

    private final Cargo cargo;
    private Set<Long> accepted = Set.of();
    private List<Renumbered> renumbered = List.of();

    Passage(Cargo cargo) {
      this.cargo = cargo;
    }

    void fill(NextLife next) {
      requireAsChecked(next);
      Crossing.Done done = cross(next);
      renumbered = renumberings(cargo, done);
      cargo.leave(done.names());
      accepted = cargo.requirePremises(parts.taskGap());
      requireNothingNew();
      fence();
      requireNothingNew();
      parts
          .ledger()
          .append(
              new NextLedger(done.pairs()).entries(next.id(), cargo.carried(), cargo.endings()));
      parts.schemas().begin(next.id(), done.sequences());
      parts.forget().accept(next.id());
    }

    private Crossing.Done cross(NextLife next) {
      try {
        return new Crossing(cargo, next).over();
      } catch (MovedException e) {
        throw new MovedMeanwhile(String.valueOf(e.getMessage()));
      }
    }

    /** What holds at the check holds at the image. */
    private void requireAsChecked(NextLife next) {
      Inspection inspection = cargo.outlook().inspection();
      if (next.forkLsn().isBefore(inspection.report().asOf())) {
        throw new MovedMeanwhile("the image is older than the check");
      }
      if (!cargo.outlook().asDefined().getAsBoolean()) {
        throw new MovedMeanwhile("main defines something otherwise");
      }
      Set<Long> vouched = new HashSet<>();
      cargo.carried().forEach(answer -> vouched.add(answer.id()));
      cargo.outlook().plan().restsOn().stream()
          .filter(answer -> !request.accept().contains(answer))
          .forEach(vouched::add);
      Set<TableId> tables = new HashSet<>();
      vouched.forEach(answer -> inspection.provenance().reads(answer).ifPresent(tables::addAll));
      try (RowsBefore before = inspection.atCheck().of(tables)) {
        Recheck.Doubt doubt =
            parts
                .recheck()
                .inDoubt(
                    inspection,
                    vouched,
                    inspection.report().asOf(),
                    next.forkLsn(),
                    Optional.empty(),
                    before,
                    FEED_PATIENCE);
        if (!doubt.changed().isEmpty()) {
          throw new MovedMeanwhile("main wrote to what its answers read");
        }
        cargo.leaveUnknown(doubt.untold());
      }
    }

    /** A unit that was committed after the check is in no plan, nor is a definition. */
    private void requireNothingNew() {
      if (ownDefinition().isPresent()) {
        throw new MovedMeanwhile("somebody changed definitions of the branch");
      }
      parts.log().drain(branch);
      Set<Long> known = new HashSet<>();
      cargo.outlook().inspection().units().forEach(unit -> known.add(unit.id()));
      if (!known.containsAll(parts.ledger().unitIds(branch.id()))) {
        throw new MovedMeanwhile("somebody worked on the branch");
      }
    }
  }

  private static List<Renumbered> renumberings(Cargo cargo, Crossing.Done done) {
    List<Renumbered> all = new ArrayList<>();
    for (Renumbering renumbering : done.numbered().renumberings()) {
      MainTable table =
          Objects.requireNonNull(cargo.outlook().plan().tables().get(renumbering.table()));
      renumbering
          .keys()
          .forEach((Key from, Key to) ->
              all.add(
                  new Renumbered(
                      table.shape().qualifiedName(),
                      table.named(renumbering.keyColumns(), from),
                      table.named(renumbering.keyColumns(), to))));
    }
    return all;
  }

  private Fork forkBefore() {
    return new Fork(branch.forkLsn(), branch.forkTime());
  }

  private Synced held(Outlook outlook) {
    return new Synced(
        branch.name(),
        Outcome.HELD,
        request.dryRun(),
        forkBefore(),
        Optional.empty(),
        outlook.inspection().report().asOf(),
        outlook.inspection().report().counts(),
        0,
        Map.of(),
        List.of(),
        units(outlook, 0),
        List.of(),
        outlook.promotion());
  }

  private Synced synced(
      Cargo cargo, Optional<Fork> now, Set<Long> accepted, List<Renumbered> renumbered) {
    Outlook outlook = cargo.outlook();
    Map<LeftBehind, List<Long>> left = new EnumMap<>(LeftBehind.class);
    cargo
        .left()
        .forEach(
            (answer, why) -> left.computeIfAbsent(why, ignored -> new ArrayList<>()).add(answer));
    return new Synced(
        branch.name(),
        Outcome.SYNCED,
        request.dryRun(),
        forkBefore(),
        now,
        outlook.inspection().report().asOf(),
        outlook.inspection().report().counts(),
        cargo.carried().size(),
        left,
        List.copyOf(accepted),
        units(outlook, cargo.units().size()),
        renumbered,
        outlook.promotion());
  }

  private static Units units(Outlook outlook, int carried) {
    long landed =
        outlook.inspection().units().stream()
            .map(Unit::id)
            .filter(outlook.landed().units()::contains)
            .count();
    return new Units(carried, outlook.plan().dropped().size(), (int) landed);
  }
}

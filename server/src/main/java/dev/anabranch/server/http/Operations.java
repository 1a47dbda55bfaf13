package dev.anabranch.server.http;

import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.BranchRequest;
import dev.anabranch.branch.Deletion;
import dev.anabranch.branch.Lifetime;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.history.PastPoint;
import dev.anabranch.check.Caller;
import dev.anabranch.check.diff.Diff;
import dev.anabranch.check.diff.DiffRequest;
import dev.anabranch.ledger.Answer;
import dev.anabranch.mainfeed.LastWrite;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.Evidence;
import dev.anabranch.promote.AtStake;
import dev.anabranch.promote.CompareRequest;
import dev.anabranch.promote.Compared;
import dev.anabranch.promote.KeptRule;
import dev.anabranch.promote.OwnCheck;
import dev.anabranch.promote.PromoteRequest;
import dev.anabranch.promote.Promotion;
import dev.anabranch.promote.ReceiptSummary;
import dev.anabranch.promote.RuleProposal;
import dev.anabranch.promote.UnitsSeen;
import dev.anabranch.promote.UnitsWanted;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.sync.Synced;
import dev.anabranch.server.health.Readiness;
import dev.anabranch.server.watch.Listener;
import dev.anabranch.server.webhook.Webhooks;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What can be asked of a running Anabranch. Every failure is an {@link
 * dev.anabranch.base.AnabranchException}.
 */
public interface Operations {

  Branch create(BranchRequest request);

  List<Branch> list();

  Branch get(BranchName name);

  /** The connection string of a branch, through the gateway. */
  String url(Branch branch);

  /** What was found out about a branch last. */
  Glance glance(Branch branch);

  /** Those that can be brought back, the one that was deleted last first. */
  List<Branch> deleted();

  /** When a deleted branch is gone for good; empty for others. */
  Optional<Instant> goneAt(Branch branch);

  /**
   * @param cascade with the branches that were started from it
   * @param now so that it can't be brought back
   */
  Deletion delete(BranchName name, boolean cascade, boolean now);

  /**
   * @param as its name from now on
   * @param lifetime empty: as long as it would have lived
   */
  Branch undelete(BranchName name, BranchName as, Optional<Lifetime> lifetime);

  Branch rename(BranchName name, BranchName next);

  Branch setProtected(BranchName name, boolean on);

  /** Gives it another password, and ends the sessions that the old one let in. */
  Branch newPassword(BranchName name);

  /** Stops its Postgres until somebody connects. */
  Branch suspend(BranchName name);

  /** Starts the Postgres of one that was suspended, as a connection would. */
  Branch resume(BranchName name);

  /** Starts a new life of the branch at a point; empty: at its own fork point. */
  Branch reset(BranchName name, Optional<BranchPoint> point);

  /** Set back to a moment of its own: what it held then, and what its work then rested on. */
  Branch restore(BranchName name, PastPoint point);

  /** Moves a branch onto main as it is now, with its work and its answers. */
  Synced sync(PromoteRequest request);

  List<Answer> answers(BranchName name);

  default CheckReport check(BranchName name) {
    return check(name, Optional.empty());
  }

  /**
   * @param wait for how long at most main's changes are waited for; empty: as long as is usual
   */
  CheckReport check(BranchName name, Optional<Duration> wait);

  /** When main did last what rows show, as far as that is known. */
  Map<Evidence, LastWrite> lastWrites(Collection<Evidence> rows);

  /** What a branch has changed since its fork, or main; the caller closes it. */
  Diff diff(DiffRequest request);

  /**
   * Begins to tell of a branch's verdicts as they change, all of them first.
   *
   * @param caller whether who wants to know is still there
   */
  Listener listen(BranchName name, Caller caller);

  Promotion promote(PromoteRequest request);

  /** What there is to decide of a branch, and what was decided; nothing is written or kept. */
  Promotion facts(BranchName name);

  /** What of a branch would be lost with it now; one that sleeps goes on sleeping. */
  AtStake atStake(BranchName name);

  /** A branch's units, and what a promotion would do with each; nothing is written or kept. */
  UnitsSeen units(BranchName name, UnitsWanted wanted);

  /** A promotion's receipt, as JSON text. */
  String receipt(String id);

  /** A branch's receipts, the newest first, also of one that is gone. */
  List<ReceiptSummary> receipts(BranchName name);

  /**
   * Takes back what a promotion wrote, or shows what that would do.
   *
   * @param skippedChecks names of checks of the users' own that are not run
   * @param shown the plan that was looked at, if only that one is wanted
   * @throws dev.anabranch.base.AnabranchException UNDO_ANOTHER
   */
  Promotion undo(String receipt, boolean dryRun, Set<String> skippedChecks, Optional<String> shown);

  /** The checks of the users' own that every promotion is held to, by name. */
  List<OwnCheck> ownChecks();

  OwnCheck ownCheck(String name);

  /** Keeps a check, in the place of one of the same name. */
  OwnCheck setOwnCheck(Assertion assertion, String who);

  void deleteOwnCheck(String name);

  /** Who is told when answers stop to hold. */
  Webhooks webhooks();

  /** The rules by which columns of main combine, by the columns' names. */
  List<KeptRule> mergeRules();

  /** Lets a column of main combine from now on. */
  KeptRule setMergeRule(String column, String rule, String who);

  /** Lets a column be a value again. */
  KeptRule unsetMergeRule(String column, String who);

  /** Rules that columns without one could have. */
  List<RuleProposal> inferMergeRules();

  /** Branches as they would be landed, the best first. */
  List<Compared> compare(CompareRequest request);

  /** The embedded main's own connection string. */
  String mainUrl();

  /**
   * Takes everything of ours from main. What works with main is refused from then on, and the
   * server is to {@link #end}.
   *
   * @param force although there are branches; they stay, and their answers are asked again when
   *     main is used again
   */
  Released releaseMain(boolean force);

  /** Takes a table of main out of the publication and keeps it out; the names of what it was. */
  List<String> unwatch(String table);

  /** Undoes {@link #unwatch}. */
  List<String> watch(String table);

  /** Lets the server end. Returns at once, so that the caller can still be answered. */
  void end();

  /** Sections of names and values, for people and monitors. */
  Map<String, Map<String, Object>> status();

  /** Whether every part is ready; from memory, at once. */
  Readiness readiness();

  /** Numbers of the last hour. */
  StatusHistory statusHistory();

  /** Counts a request that failed. */
  void failed(ErrorCode code);

  /** Everything measured, in Prometheus's text format. */
  String measurements();
}

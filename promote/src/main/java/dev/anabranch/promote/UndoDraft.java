package dev.anabranch.promote;

import dev.anabranch.base.Lsn;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.Receipt.TableWritten;
import dev.anabranch.promote.assertion.Assertions;
import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.TaskGroup;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Writes the receipts of one undoing. */
final class UndoDraft {

  private final String id;
  private final Assertions assertions;
  private final String mainSystem;
  private final Clock clock;
  private final Instant startedAt;

  UndoDraft(String id, Assertions assertions, String mainSystem, Clock clock) {
    this.id = id;
    this.assertions = assertions;
    this.mainSystem = mainSystem;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  String id() {
    return id;
  }

  String mainSystem() {
    return mainSystem;
  }

  /** Of a plan that writes nothing, or that must not be written. */
  Receipt unwritten(Receipt undone, Plan plan, Lsn asOf, boolean dryRun) {
    return receipt(
        undone,
        plan,
        ReceiptDraft.outcome(plan),
        ReceiptDraft.tables(plan, plan.changes()),
        asOf,
        dryRun);
  }

  /** Of a plan as it is about to be committed. */
  Receipt written(Receipt undone, Plan plan, Numbered numbered, Lsn asOf) {
    return receipt(
        undone,
        plan,
        ReceiptDraft.outcome(plan),
        ReceiptDraft.tables(plan, numbered.changes()),
        asOf,
        false);
  }

  /** Of a plan after which main would not be as the users' own checks want it. */
  Receipt unmet(Receipt undone, Plan plan, Lsn asOf, boolean dryRun) {
    return receipt(undone, plan.holdingAll(), Outcome.REFUSED, List.of(), asOf, dryRun);
  }

  Receipt refused(Receipt undone, List<Long> units, String why, Lsn asOf) {
    return receipt(
        undone,
        ReceiptDraft.nothing(units, ReceiptDraft.moved(units, why, "undo again")),
        Outcome.REFUSED,
        List.of(),
        asOf,
        false);
  }

  /** It rests on no answers, so all that is known of them is known of the commit, too. */
  Receipt committed(Receipt draft, Lsn at) {
    return ReceiptDraft.ended(draft, at.toString(), at.toString(), List.of(), clock.instant());
  }

  /** What was done for a task is undone for it. */
  private static List<TaskWork> tasks(Receipt undone, Plan plan) {
    return undone.tasks().stream()
        .map(task ->
            new TaskGroup(
                task.id(), task.name(), task.task(), task.answers(), Set.of(), task.landed()))
        .filter(group -> !group.units().isEmpty())
        .map(group -> TaskWork.of(List.of(group), plan).getFirst())
        .toList();
  }

  private Receipt receipt(
      Receipt undone,
      Plan plan,
      Outcome outcome,
      List<TableWritten> tables,
      Lsn asOf,
      boolean dryRun) {
    return new Receipt(
        id,
        undone.branch(),
        outcome.name().toLowerCase(Locale.ROOT),
        dryRun,
        false,
        mainSystem,
        undone.forkLsn(),
        asOf.toString(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        startedAt,
        clock.instant(),
        plan.landing(),
        plan.held(),
        tables,
        List.of(),
        List.of(),
        plan.facts(),
        List.of(),
        List.of(),
        plan.digest(),
        Optional.of(undone.id()),
        assertions.results(),
        tasks(undone, plan),
        List.of(),
        plan.merged());
  }
}

package dev.anabranch.promote;

import dev.anabranch.base.BranchName;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.promote.Receipt.AnswerChecked;
import dev.anabranch.promote.Receipt.KeyChanged;
import dev.anabranch.promote.Receipt.TableWritten;
import dev.anabranch.promote.assertion.Assertions;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.Renumbering;
import dev.anabranch.promote.plan.RowChange;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes the receipts of one promotion, from its plan to its end. */
final class ReceiptDraft {

  private final String id;
  private final PromoteRequest request;
  private final Assertions assertions;
  private final String mainSystem;
  private final Clock clock;
  private final Instant startedAt;

  /**
   * @param assertions the users' own checks; what came of them is told in each receipt
   */
  ReceiptDraft(
      String id, PromoteRequest request, Assertions assertions, String mainSystem, Clock clock) {
    this.id = id;
    this.request = request;
    this.assertions = assertions;
    this.mainSystem = mainSystem;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  String mainSystem() {
    return mainSystem;
  }

  /** Of a plan that writes nothing, or that must not be written. */
  Receipt unwritten(Inspection inspection, Plan plan) {
    return assertions.areMet()
        ? receipt(inspection, plan, outcome(plan), tables(plan, plan.changes()), List.of())
        : another(inspection, plan);
  }

  /** Of a plan as it is about to be committed. */
  Receipt written(Inspection inspection, Plan plan, Numbered numbered) {
    return receipt(
        inspection,
        plan,
        outcome(plan),
        tables(plan, numbered.changes()),
        renumbered(plan, numbered.renumberings()));
  }

  /**
   * Of a plan that is another than the one that was approved, or that a check of the users' own
   * stands against: none of its units has landed.
   */
  Receipt another(Inspection inspection, Plan plan) {
    return receipt(inspection, plan.holdingAll(), Outcome.REFUSED, List.of(), List.of());
  }

  Receipt refused(Inspection inspection, List<Long> units, String why) {
    return receipt(
        inspection,
        nothing(units, moved(units, why, "promote again")),
        Outcome.REFUSED,
        List.of(),
        List.of());
  }

  static Fact moved(List<Long> units, String why, String advice) {
    return Fact.ofTheWhole(
        "main moved each time this was planned (" + why + "); nothing was written, " + advice,
        units);
  }

  static Plan nothing(List<Long> units, Fact fact) {
    return new Plan(
        List.of(),
        units,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(fact),
        Set.of(),
        Set.of(),
        List.of(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        "");
  }

  Receipt committed(Receipt draft, Lsn at) {
    return committed(draft, at, clock.instant());
  }

  /** A draft whose commit is known; its answers are verified as of the check only. */
  static Receipt committed(Receipt draft, Lsn at, Instant now) {
    return ended(draft, at.toString(), draft.asOf(), List.of(), now);
  }

  /** After a commit whose window could not be looked at. */
  Receipt unverified(Receipt receipt, Set<Long> answers) {
    return lookedBack(receipt, answers, Lsn.parse(receipt.committed().orElseThrow()));
  }

  /** After the window between check and commit was looked at. */
  Receipt lookedBack(Receipt receipt, Set<Long> inDoubt, Lsn committed) {
    String through = inDoubt.isEmpty() ? committed.toString() : receipt.asOf();
    return ended(
        receipt,
        committed.toString(),
        through,
        List.copyOf(new TreeSet<>(inDoubt)),
        clock.instant());
  }

  /** After a commit behind the fence, which left no window. */
  Receipt fenced(Receipt receipt) {
    String committed = receipt.committed().orElseThrow();
    return ended(receipt, committed, committed, List.of(), clock.instant());
  }

  Promotion promotion(Receipt receipt, Inspection inspection) {
    return promotion(receipt, inspection.branch().name()).about(inspection.report().verdicts());
  }

  static Promotion promotion(Receipt receipt, BranchName branch) {
    return new Promotion(
        branch,
        Outcome.valueOf(receipt.outcome().toUpperCase(Locale.ROOT)),
        Lsn.parse(receipt.asOf()),
        receipt.committed().map(Lsn::parse),
        new UnitCounts(
            receipt.landed().size() + receipt.held().size() + receipt.dropped().size(),
            receipt.landed().size(),
            receipt.held().size(),
            receipt.dropped().size()),
        receipt.facts(),
        receipt.notRelied(),
        receipt.doubtedAfterwards(),
        receipt.tables().stream()
            .flatMap(table -> table.unfired().stream().map(name -> table.table() + "." + name))
            .toList(),
        receipt.id(),
        receipt.plan(),
        Optional.empty(),
        receipt.checks(),
        receipt.tasks(),
        receipt.moved(),
        receipt.merged(),
        List.of());
  }

  static Outcome outcome(Plan plan) {
    if (plan.landing().isEmpty()) {
      return plan.held().isEmpty() ? Outcome.NOTHING : Outcome.HELD;
    }
    return plan.held().isEmpty() ? Outcome.LANDED : Outcome.PARTIAL;
  }

  private Receipt receipt(
      Inspection inspection,
      Plan plan,
      Outcome outcome,
      List<TableWritten> tables,
      List<KeyChanged> renumbered) {
    return new Receipt(
        id,
        request.branch().value(),
        outcome.name().toLowerCase(Locale.ROOT),
        request.dryRun(),
        request.strict(),
        mainSystem,
        inspection.report().forkLsn().toString(),
        inspection.report().asOf().toString(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        startedAt,
        clock.instant(),
        plan.landing(),
        plan.held(),
        tables,
        answers(inspection, plan),
        renumbered,
        plan.facts(),
        plan.notRelied(),
        plan.dropped(),
        plan.digest(),
        Optional.empty(),
        assertions.results(),
        tasks(inspection, plan),
        plan.moved(),
        plan.merged());
  }

  private static List<TaskWork> tasks(Inspection inspection, Plan plan) {
    List<Long> units = new ArrayList<>(plan.landing());
    units.addAll(plan.held());
    units.addAll(plan.dropped());
    units.sort(null);
    return TaskWork.of(inspection.provenance().tasks(units), plan);
  }

  static Receipt ended(
      Receipt receipt, String committed, String verifiedThrough, List<Long> doubted, Instant now) {
    return new Receipt(
        receipt.id(),
        receipt.branch(),
        receipt.outcome(),
        receipt.dryRun(),
        receipt.strict(),
        receipt.mainSystem(),
        receipt.forkLsn(),
        receipt.asOf(),
        Optional.of(committed),
        Optional.of(verifiedThrough),
        doubted,
        receipt.startedAt(),
        now,
        receipt.landed(),
        receipt.held(),
        receipt.tables(),
        receipt.answers(),
        receipt.renumbered(),
        receipt.facts(),
        receipt.notRelied(),
        receipt.dropped(),
        receipt.plan(),
        receipt.undoes(),
        receipt.checks(),
        receipt.tasks(),
        receipt.moved(),
        receipt.merged());
  }

  private List<AnswerChecked> answers(Inspection inspection, Plan plan) {
    List<AnswerChecked> answers = new ArrayList<>();
    for (Judged judged : inspection.report().verdicts()) {
      long answer = judged.answer().id();
      answers.add(
          new AnswerChecked(
              answer,
              judged.verdict().word(),
              judged.verdict().proof().name().toLowerCase(Locale.ROOT),
              judged.verdict().reason(),
              plan.accepted().contains(answer),
              plan.restsOn().contains(answer)));
    }
    return answers;
  }

  static List<TableWritten> tables(Plan plan, List<RowChange> changes) {
    Map<MainTable, List<RowChange>> byTable = new LinkedHashMap<>();
    for (RowChange change : changes) {
      MainTable table = plan.tables().get(change.table());
      if (table != null) {
        byTable.computeIfAbsent(table, _ -> new ArrayList<>()).add(change);
      }
    }
    List<TableWritten> written = new ArrayList<>();
    byTable.forEach((table, rows) -> {
      List<List<String>> inserted = keys(rows, RowChange.Insert.class);
      List<List<String>> updated = keys(rows, RowChange.Update.class);
      List<List<String>> deleted = keys(rows, RowChange.Delete.class);
      List<Integer> key = plan.keyColumns().getOrDefault(table.id(), List.of());
      int limit = key.isEmpty() ? 0 : Receipt.KEYS_LIMIT;
      written.add(
          new TableWritten(
              table.shape().qualifiedName(),
              key.stream().map(table::columnName).toList(),
              inserted.size(),
              updated.size(),
              deleted.size(),
              limited(inserted, limit),
              limited(updated, limit),
              limited(deleted, limit),
              unfired(table, rows)));
    });
    return written;
  }

  private static List<String> unfired(MainTable table, List<RowChange> rows) {
    Set<String> commands =
        rows.stream()
            .map(change ->
                switch (change) {
                  case RowChange.Insert ignored -> "INSERT";
                  case RowChange.Update ignored -> "UPDATE";
                  case RowChange.Delete ignored -> "DELETE";
                })
            .collect(Collectors.toSet());
    return table.triggers().entrySet().stream()
        .filter(trigger -> trigger.getValue().stream().anyMatch(commands::contains))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static List<List<String>> keys(List<RowChange> rows, Class<? extends RowChange> kind) {
    return rows.stream().filter(kind::isInstance).map(change -> change.key().values()).toList();
  }

  private static List<List<String>> limited(List<List<String>> keys, int limit) {
    return keys.subList(0, Math.min(keys.size(), limit));
  }

  private static List<KeyChanged> renumbered(Plan plan, List<Renumbering> renumberings) {
    List<KeyChanged> changed = new ArrayList<>();
    for (Renumbering renumbering : renumberings) {
      MainTable table = plan.tables().get(renumbering.table());
      if (table != null) {
        renumbering
            .keys()
            .forEach((from, to) ->
                changed.add(
                    new KeyChanged(
                        table.shape().qualifiedName(),
                        named(table, renumbering.keyColumns(), from),
                        named(table, renumbering.keyColumns(), to))));
      }
    }
    return changed;
  }

  private static Map<String, String> named(MainTable table, List<Integer> columns, Key key) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      named.put(table.columnName(columns.get(i)), key.values().get(i));
    }
    return named;
  }
}
